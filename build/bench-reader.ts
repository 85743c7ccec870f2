// `npm run bench:reader [-- --pages DIR] [--only TEXT] [--show]`: the built-in reader's answers to questions about pages with ground
// truth: how many keys that are there it answers to the letter, and how many that are not there it answers at all. Readings are kept
// in .cache, by the picture and the reader's sources, so that only the first run is slow.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { answerFromText } from '../src-main/reader/answer-from-text.ts';
import { readingsOf, sameValue, sourcePage, truthAsReading, type BenchItem, type BenchTruth } from './bench-readings.ts';

interface Questions {
  readonly present: Readonly<Record<string, readonly { q: string; a: readonly string[] }[]>>;
  readonly absent: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly absentOn: Readonly<Record<string, readonly string[]>>;
}

const given = parseArgs({ options: { pages: { type: 'string' }, only: { type: 'string' }, show: { type: 'boolean', default: false }, 'truth-only': { type: 'boolean', default: false } } }).values;
const from = process.env['INIT_CWD'] ?? process.cwd();
const own = resolve(import.meta.dirname ?? 'build', '../test/fixtures/pages');
const folder = given.pages ? resolve(from, given.pages) : own;
const questions = JSON.parse(readFileSync(join(own, 'questions.json'), 'utf8')) as Questions;

const topic = (word: string): string => {
  const code = word.codePointAt(word.length - 1) ?? 0;
  return code >= 0xac00 && code <= 0xd7a3 && (code - 0xac00) % 28 !== 0 ? '은' : '는';
};
const languageOf = (item: BenchItem): 'en' | 'ko' | 'zh' => (item.lang.startsWith('ko') ? 'ko' : item.lang.startsWith('zh') ? 'zh' : 'en');
const askKey = { en: (key: string) => `What is the ${key.replace(/[:：]$/, '')}?`, ko: (key: string) => `${key}${topic(key)} 무엇입니까?`, zh: (key: string) => `${key}是什么？` };
const fieldQuestions: Readonly<Record<string, Readonly<Record<'en' | 'ko' | 'zh', string>>>> = {
  company: { en: 'What is the name of the company?', ko: '상호는 무엇입니까?', zh: '公司名称是什么？' },
  total: { en: 'What is the total?', ko: '총 금액은 얼마입니까?', zh: '总金额是多少？' },
  date: { en: 'What is the date?', ko: '날짜는 언제입니까?', zh: '日期是哪天？' },
  number: { en: 'What is the invoice number?', ko: '문서번호는 무엇입니까?', zh: '发票号码是多少？' },
  due: { en: 'What is the due date?', ko: '지급기한은 언제입니까?', zh: '付款期限是什么时候？' },
  name: { en: 'What is the name?', ko: '이름은 무엇입니까?', zh: '姓名是什么？' },
  address: { en: 'What is the address?', ko: '주소는 무엇입니까?', zh: '地址是什么？' },
};

interface Tally { present: number; exact: number; wrong: number; missing: number; absent: number; invented: number }
const empty = (): Tally => ({ present: 0, exact: 0, wrong: 0, missing: 0, absent: 0, invented: 0 });
const line = (name: string, t: Tally): string => `${name.padEnd(22)} present ${String(t.exact).padStart(4)} / ${String(t.present).padStart(4)} = ${t.present ? ((100 * t.exact) / t.present).toFixed(1).padStart(5) : '    -'} %   wrong ${String(t.wrong).padStart(3)}  not found ${String(t.missing).padStart(3)}   absent ${String(t.absent).padStart(4)}, invented ${t.invented}`;
const add = (into: Tally, other: Tally): void => {
  for (const key of Object.keys(into) as (keyof Tally)[]) into[key] += other[key];
};

const { items, readingOf, close } = readingsOf(folder, given.only ?? '');
const totals = new Map<string, { read: Tally; truth: Tally }>();
const all = { read: empty(), truth: empty() };

for (const item of items) {
  const truth = JSON.parse(readFileSync(join(folder, item.gt), 'utf8')) as BenchTruth;
  const language = languageOf(item);
  const base = sourcePage(item);
  const present = [
    ...(truth.kv ?? []).filter((pair) => pair.a.length > 0).map((pair) => ({ q: item.lang.startsWith('ja') ? askKey.en(pair.q) : askKey[language](pair.q), a: pair.a })),
    ...Object.entries(truth.fields ?? {}).filter(([key]) => fieldQuestions[key]).map(([key, value]) => ({ q: fieldQuestions[key]![language], a: [value] })),
    ...(folder === own ? (questions.present[base] ?? []) : []),
  ];
  const kind = folder === own ? base.split('-')[1]! : item.kind.split('-')[0]!;
  const absent = folder === own ? [...(questions.absent[kind]?.[language] ?? []), ...(questions.absentOn[base] ?? [])] : [];
  if (present.length + absent.length === 0) continue;
  const readings = [['truth', truthAsReading(truth, item)] as const, ...(given['truth-only'] ? [] : [['read', await readingOf(item)] as const])];
  for (const [source, text] of readings) {
    const tally = empty();
    const pages = [{ pageId: item.id, index: 0, text }];
    for (const { q, a } of present) {
      const answer = answerFromText(q, pages);
      const right = answer.found && a.some((one) => sameValue(answer.text, one));
      tally.present += 1;
      if (right) tally.exact += 1;
      else if (answer.found) tally.wrong += 1;
      else tally.missing += 1;
      if (given.show && !right) console.log(`  ${source} ${item.id}: ${q}  wanted ${a.join(' | ')}  got ${answer.found ? answer.text.replaceAll('\n', ' / ') : '-'}  (${answer.explanation})`);
    }
    for (const q of absent) {
      const answer = answerFromText(q, pages);
      tally.absent += 1;
      if (answer.found) tally.invented += 1;
      if (given.show && answer.found) console.log(`  ${source} ${item.id}: ${q}  INVENTED ${answer.text.replaceAll('\n', ' / ')}  (${answer.explanation})`);
    }
    add(all[source], tally);
    const group = totals.get(`${language} ${kind}`) ?? { read: empty(), truth: empty() };
    add(group[source], tally);
    totals.set(`${language} ${kind}`, group);
  }
}
await close();
for (const [name, { read, truth }] of [...totals].sort(([a], [b]) => a.localeCompare(b))) console.log(`${line(given['truth-only'] ? `${name} (true)` : name, given['truth-only'] ? truth : read)}`);
console.log(line('all, true lines', all.truth));
if (!given['truth-only']) console.log(line('all, as recognised', all.read));
process.exit(0);
