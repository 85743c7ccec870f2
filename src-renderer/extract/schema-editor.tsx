// A schema made or changed: in a form, by pointing at values on an example page, or as JSON. What contradicts itself is said where it is.
import { useState } from 'react';
import { ScanText } from 'lucide-react';
import type { ExtractionSchema, GuessedField } from '@contract/extraction.ts';
import { parseExtractionSchema } from '@contract/extraction-json-schema.ts';
import type { Quad } from '@contract/geometry.ts';
import { saveSchema } from '../stores/extraction-store.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { TextField } from '../ui/text-field.tsx';
import { ExamplePage } from './example-page.tsx';
import { freeName, troubleIn } from './schema-draft.ts';
import { SchemaForm } from './schema-form.tsx';

interface SchemaEditorProps {
  /** Begun from this one. */
  schema: ExtractionSchema;
  /** The document whose pages are pointed at. */
  exampleId: string;
  onDone(): void;
}

export function SchemaEditor({ schema, exampleId, onDone }: SchemaEditorProps) {
  const [draft, setDraft] = useState(schema);
  const [json, setJson] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [pointing, setPointing] = useState(false);
  const [taken, setTaken] = useState<readonly Quad[]>([]);
  const [added, setAdded] = useState('');
  const trouble = json === null ? troubleIn(draft) : null;

  const change = (next: ExtractionSchema): void => {
    setRefused(null);
    setDraft(next);
  };
  const show = (as: 'form' | 'json'): void => {
    setRefused(null);
    if (as === 'json') return setJson(JSON.stringify(draft, null, 2));
    if (json === null) return;
    try {
      setDraft(parseExtractionSchema(JSON.parse(json)));
      setJson(null);
    } catch (error) {
      setRefused(error instanceof SyntaxError ? `This is no JSON: ${error.message}` : 'The form cannot show this schema before it fits. Save it to hear what is wrong.');
    }
  };
  const take = ({ field, places }: GuessedField): void => {
    const name = freeName(field.name, draft.fields);
    change({ ...draft, fields: [...draft.fields, { ...field, name }] });
    setAdded(`“${name}” was added at the end.`);
    setTaken((before) => [...before, ...places]);
  };
  const save = async (): Promise<void> => {
    const wrong = await saveSchema(json ?? JSON.stringify(draft));
    setRefused(wrong);
    if (wrong === null) onDone();
  };

  return (
    <section aria-label="Schema" className="mb-4 rounded-lg border border-edge bg-panel p-3">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Choice legend="How the schema is shown" value={json === null ? 'form' : 'json'} options={[{ value: 'form', label: 'Form' }, { value: 'json', label: 'JSON' }]} onChange={show} />
        {json === null && <TextField label="Name of the schema" value={draft.name} onText={(name) => change({ ...draft, name })} className="w-56" />}
        {json === null && <Button aria-pressed={pointing} onClick={() => setPointing(!pointing)}><ScanText size={14} aria-hidden />{pointing ? 'Hide the example page' : 'Point at values on a page'}</Button>}
        {trouble && trouble.name.length > 0 && <p role="alert" className="text-small text-bad">{trouble.name.join('; ')}</p>}
      </div>
      {json === null ? (
        <div className="flex gap-4">
          <div className="min-w-0 flex-1">
            <SchemaForm draft={draft} trouble={trouble} onDraft={change} />
          </div>
          {pointing && <ExamplePage documentId={exampleId} taken={taken} said={added} onField={take} />}
        </div>
      ) : (
        <>
          <p className="mb-2 text-small text-muted">Types: text, amount, date, number, identifier, phone, email, choice (with choices), rows (with columns). Hints are further labels that the value may stand at. A JSON Schema works too.</p>
          <textarea aria-label="The schema as JSON" value={json} spellCheck={false} onChange={(event) => setJson(event.target.value)} className="h-72 w-full resize-y rounded-md border border-edge-strong bg-raised p-2 font-mono text-small" />
        </>
      )}
      <div className="mt-3 flex items-center gap-2">
        <p role="alert" className="flex-1 text-small text-bad">{refused}</p>
        <Button onClick={onDone}>Cancel</Button>
        <Button kind="primary" disabled={trouble !== null} onClick={() => void save()}>Save the schema</Button>
      </div>
    </section>
  );
}
