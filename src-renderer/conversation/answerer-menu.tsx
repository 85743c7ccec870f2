// Who answers the next question.
import { ScanText } from 'lucide-react';

export function AnswererMenu() {
  return <span className="flex h-7 min-w-0 items-center gap-1.5 truncate px-1.5 text-small text-muted"><ScanText size={13} className="shrink-0" aria-hidden />Built-in reader</span>;
}
