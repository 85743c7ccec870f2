// The ready-made questions for one kind of answerer, to be changed, added to and put back. Every change is kept at once.
import { useState } from 'react';
import { Plus, Trash2 } from 'lucide-react';
import { useAnswererFamily, type AnswererFamily } from '../stores/answerers.ts';
import { closeDialog } from '../stores/layout-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { changeSettings, useSettings } from '../stores/settings-store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { ownPresets, presetsFor, type NamedQuestion } from './presets.ts';

const families = [{ value: 'reader', label: 'Built-in reader' }, { value: 'qwen-vl', label: 'Qwen-VL' }, { value: 'other', label: 'Newer models' }] as const;

export default function PresetsDialog() {
  const [family, setFamily] = useState<AnswererFamily>(useAnswererFamily());
  const stored = useSettings(({ settings }) => settings.presets);
  const [questions, setQuestions] = useState<readonly NamedQuestion[]>(() => presetsFor(family, stored));
  const keep = (next: readonly NamedQuestion[]): void => {
    setQuestions(next);
    const whole = next.filter((one) => one.name.trim() !== '' && one.text.trim() !== '');
    void changeSettings({ presets: { ...stored, [family]: whole.map(({ name, text }) => ({ name: name.trim(), text })) } }).catch(reportFailure);
  };
  const show = (next: AnswererFamily): void => {
    setFamily(next);
    setQuestions(presetsFor(next, stored));
  };
  const putBack = (): void => {
    const { [family]: _dropped, ...others } = stored;
    void changeSettings({ presets: others }).catch(reportFailure);
    setQuestions(ownPresets(family));
  };
  const change = (at: number, part: Partial<NamedQuestion>): void => keep(questions.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <Dialog title="Ready-made questions" size="wide" onClose={closeDialog} actions={<><Button onClick={putBack} disabled={stored[family] === undefined}>Put the originals back</Button><span className="flex-1" /><Button kind="primary" onClick={closeDialog}>Done</Button></>}>
      <Choice start legend="For" value={family} options={families} onChange={show} />
      <ul className="mt-3 flex flex-col gap-2">
        {questions.map(({ name, text }, at) => (
          <li key={at} className="flex items-start gap-2">
            <TextField label={`Name of question ${at + 1}`} value={name} maxLength={60} onText={(next) => change(at, { name: next })} className="w-40 shrink-0" />
            <textarea aria-label={`Text of question ${at + 1}`} value={text} rows={1} maxLength={4000} spellCheck={false} onChange={(event) => change(at, { text: event.target.value })} className="min-h-8 flex-1 resize-none rounded-md border border-edge-strong bg-raised px-2 py-1.5 outline-none [field-sizing:content] focus:border-accent-text focus:outline-2 focus:-outline-offset-1 focus:outline-accent-text" />
            <IconButton small label={`Remove “${name}”`} className="mt-1" onClick={() => keep(questions.filter((_one, index) => index !== at))}><Trash2 size={14} aria-hidden /></IconButton>
          </li>
        ))}
      </ul>
      <Button className="mt-3" onClick={() => setQuestions([...questions, { name: '', text: '' }])}><Plus size={14} aria-hidden />Add a question</Button>
    </Dialog>
  );
}
