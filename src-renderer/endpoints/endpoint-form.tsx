// The form of one server: what kind it is fills in most of the rest. The key is typed blind and never shown again.
import { useState } from 'react';
import { endpointChange, type Endpoint, type EndpointChange } from '@contract/endpoint.ts';
import { saveEndpoint } from '../stores/endpoints-store.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { TextField } from '../ui/text-field.tsx';

type Kind = EndpointChange['kind'];
type Values = Omit<EndpointChange, 'id' | 'apiKey'>;

const kinds = [{ value: 'dashscope', label: 'DashScope' }, { value: 'vllm', label: 'vLLM' }, { value: 'openai', label: 'Other' }] as const;

const common = { notation: 'thousand', tokenSide: 32, maxImageTokens: 2560, maxNewTokens: 4096, concurrency: 2, timeoutSeconds: 120 } as const;
const starts: Record<Kind, Values> = {
  dashscope: { ...common, kind: 'dashscope', name: 'Qwen-VL-Max', baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1', model: 'qwen-vl-max' },
  vllm: { ...common, kind: 'vllm', name: 'vLLM', baseUrl: 'http://localhost:8000/v1', model: 'Qwen/Qwen3-VL-8B-Instruct', concurrency: 8 },
  openai: { ...common, kind: 'openai', name: 'My server', baseUrl: 'https://', model: '' },
};

const numbers: { field: 'maxImageTokens' | 'maxNewTokens' | 'concurrency' | 'timeoutSeconds'; label: string }[] = [
  { field: 'maxImageTokens', label: 'Tokens per picture, at most' },
  { field: 'maxNewTokens', label: 'Tokens per answer, at most' },
  { field: 'concurrency', label: 'Questions at once' },
  { field: 'timeoutSeconds', label: 'Seconds without a sign of life' },
];

/** What is wrong with a field, in words. */
const wrongWords: Record<string, string> = {
  name: 'Give it a name.', baseUrl: 'The address begins with http:// or https://.', model: 'Which model? The server’s own name for it.',
  maxImageTokens: 'Tokens per picture: 4 to 16,384.', maxNewTokens: 'Tokens per answer: 1 to 131,072.', concurrency: 'Questions at once: 1 to 64.', timeoutSeconds: 'Seconds: 1 to 3,600.',
};

export function EndpointForm({ endpoint, onDone }: { endpoint: Endpoint | null; onDone(): void }) {
  const [values, setValues] = useState<Values>(() => (endpoint ? valuesOf(endpoint) : starts.dashscope));
  const [key, setKey] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const change = (part: Partial<Values>): void => setValues((now) => ({ ...now, ...part }));
  const save = async (): Promise<void> => {
    const parsed = endpointChange.safeParse({ ...values, ...(endpoint && { id: endpoint.id }), ...(key !== null && { apiKey: key }) });
    if (!parsed.success) return setWrong(wrongWords[String(parsed.error.issues[0]?.path[0])] ?? 'Something is missing.');
    setSaving(true);
    const result = await saveEndpoint(parsed.data);
    setSaving(false);
    if ('refused' in result) setWrong(result.refused);
    else onDone();
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => { event.preventDefault(); void save(); }}>
      {!endpoint && <Choice start legend="Kind" value={values.kind} options={kinds} onChange={(kind) => setValues(starts[kind])} />}
      <Field label="Name"><TextField label="Name" value={values.name} onText={(name) => change({ name })} onEnter={() => void save()} /></Field>
      <Field label="Address"><TextField label="Address" value={values.baseUrl} onText={(baseUrl) => change({ baseUrl })} onEnter={() => void save()} /></Field>
      <Field label="Model"><TextField label="Model" value={values.model} onText={(model) => change({ model })} onEnter={() => void save()} /></Field>
      <Field label="Key">
        <input
          type="password"
          aria-label="Key"
          autoComplete="off"
          value={key ?? ''}
          placeholder={endpoint && endpoint.key !== 'none' ? 'Stored; type to replace it' : values.kind === 'dashscope' ? 'sk-…' : 'None needed on many local servers'}
          onChange={(event) => setKey(event.target.value)}
          className="h-8 w-full rounded-md border border-edge-strong bg-raised px-2 outline-none placeholder:text-faint focus:border-accent-text focus:outline-2 focus:-outline-offset-1 focus:outline-accent-text"
        />
      </Field>
      <details className="text-small">
        <summary className="-mx-1 w-fit rounded px-1 text-muted hover:text-ink">How it is asked</summary>
        <div className="mt-2 flex flex-col gap-2.5">
          <Field label="Its boxes count">
            <Choice legend="Its boxes count" value={values.notation} options={[{ value: 'thousand', label: '0–1000' }, { value: 'input', label: 'Pixels (Qwen2.5-VL)' }]} onChange={(notation) => change({ notation })} />
          </Field>
          <Field label="Pixels per token side">
            <Choice legend="Pixels per token side" value={String(values.tokenSide)} options={[{ value: '28', label: '28' }, { value: '32', label: '32 (Qwen3-VL)' }]} onChange={(side) => change({ tokenSide: side === '28' ? 28 : 32 })} />
          </Field>
          {numbers.map(({ field, label }) => (
            <Field key={field} label={label}><TextField label={label} inputMode="numeric" value={String(values[field] || '')} onText={(text) => change({ [field]: Number(text.replace(/\D/g, '')) })} onEnter={() => void save()} className="w-28" /></Field>
          ))}
        </div>
      </details>
      {wrong !== null && <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-small text-bad">{wrong}</p>}
      <div className="flex justify-end gap-2 pt-1">
        <Button onClick={onDone}>Cancel</Button>
        <Button kind="primary" disabled={saving} onClick={() => void save()}>Save</Button>
      </div>
    </form>
  );
}

function valuesOf({ id: _id, key: _key, contextTokens: _context, mayReceivePages: _may, ...values }: Endpoint): Values {
  return values;
}

function Field({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex items-center gap-3">
      <span className="w-40 shrink-0 text-small text-muted" aria-hidden>{label}</span>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
