// A new schema as JSON, begun from the one in use: names, types, hints, sums. What contradicts itself is said beside it.
import { useState } from 'react';
import type { ExtractionSchema } from '@contract/extraction.ts';
import { saveSchema } from '../stores/extraction-store.ts';
import { Button } from '../ui/button.tsx';

export function SchemaEditor({ schema, onDone }: { schema: ExtractionSchema; onDone(): void }) {
  const [json, setJson] = useState(() => JSON.stringify({ ...schema, name: `My ${schema.name.toLowerCase()}` }, null, 2));
  const [trouble, setTrouble] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    const wrong = await saveSchema(json);
    setTrouble(wrong);
    if (wrong === null) onDone();
  };
  return (
    <div className="mb-4 rounded-lg border border-edge bg-panel p-3">
      <p className="mb-2 text-small text-muted">Types: text, amount, date, number, identifier, phone, email, choice (with choices), rows (with columns). Hints are further labels that the value may stand at. A JSON Schema works too.</p>
      <textarea aria-label="The schema as JSON" value={json} spellCheck={false} onChange={(event) => setJson(event.target.value)} className="h-56 w-full resize-y rounded-md border border-edge-strong bg-raised p-2 font-mono text-small" />
      <div className="mt-2 flex items-center gap-2">
        <p role="alert" className="flex-1 text-small text-bad">{trouble}</p>
        <Button onClick={onDone}>Cancel</Button>
        <Button kind="primary" onClick={() => void save()}>Save the schema</Button>
      </div>
    </div>
  );
}
