// @vitest-environment happy-dom
// How answers are rendered: phrases marked at the right characters whatever Markdown stands around them, formulas without mistaking
// prices for them, tables as CSV; and that hostile answers put nothing into the window that loads, runs, opens or restyles.
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import MarkdownText, { tableCsv } from '../../../src-renderer/conversation/markdown-text.tsx';
import { markdownBlocks } from '../../../src-renderer/conversation/markdown-blocks.ts';
import type { PhrasePiece } from '../../../src-renderer/conversation/phrase-context.ts';
import { sourceOffsets } from '../../../src-renderer/conversation/mark-ranges.ts';
import { normaliseMath } from '../../../src-renderer/conversation/math-delimiters.ts';
import { csvOf } from '../../../src-renderer/conversation/table-csv.ts';
import { TooltipProvider } from '../../../src-renderer/ui/tooltip.tsx';

// The test's document has no doctype, the window's has: KaTeX refuses the former when it is loaded.
vi.hoisted(() => Object.defineProperty(document, 'compatMode', { value: 'CSS1Compat' }));

let root: Root;
let host: HTMLElement;
(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

beforeEach(() => {
  host = document.body.appendChild(document.createElement('div'));
  root = createRoot(host);
});
afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
});

const phrase = (id: number, { first, last }: PhrasePiece, content: React.ReactNode): React.ReactNode => <b data-phrase={id} data-ends={`${first ? 'first' : ''}${last ? 'last' : ''}`}>{content}</b>;

/** Renders `text`; every `phrases` entry is marked where it first stands. */
async function render(text: string, ...phrases: string[]): Promise<void> {
  const marks = phrases.map((one, id) => ({ id, start: text.indexOf(one), end: text.indexOf(one) + one.length }));
  await act(async () => root.render(<TooltipProvider><MarkdownText text={text} marks={marks} phrase={phrase} /></TooltipProvider>));
}
const marked = (id: number): string[] => [...host.querySelectorAll(`[data-phrase="${id}"]`)].map((one) => one.textContent ?? '');

describe('phrases', () => {
  it.each([
    ['plain text', 'The total is 12.50 EUR today.', '12.50 EUR', ['12.50 EUR']],
    ['within bold', 'The **total is 12.50** today', '12.50', ['12.50']],
    ['over bold', 'The total **is** 12.50 today', 'total **is** 12.50', ['total ', 'is', ' 12.50']],
    ['in a table', '| a | b |\n|---|---|\n| x | 7.00 |\n', '7.00', ['7.00']],
    ['behind an escape', 'a \\* b \\_ c 9 d', '9', ['9']],
    ['behind character references', 'A &amp; B &#x20AC; &lt;c&gt; 17 d', '17', ['17']],
    ['in a list', '1. one\n2. two three\n', 'three', ['three']],
    ['in a quotation of two lines', '> first\n> second line', 'second', ['second']],
    ['inline code', 'number `INV-7` is it', 'INV-7', ['INV-7']],
    ['Korean', '합계는 12,500원입니다.', '12,500원', ['12,500원']],
    ['beyond the basic plane', 'see 𠮷野家 42 there', '42', ['42']],
    ['behind a formula', 'as \\(a^2\\) says 8 here', '8', ['8']],
  ])('%s', async (_name, text, wanted, pieces) => {
    await render(text, wanted);
    expect(marked(0)).toEqual(pieces);
  });

  it('only the first piece is a stop for the keyboard, only the last carries the check', async () => {
    await render('The total **is** 12.50 today', 'total **is** 12.50');
    expect([...host.querySelectorAll('[data-phrase]')].map((one) => one.getAttribute('data-ends'))).toEqual(['first', '', 'last']);
    await render('The total today', 'total');
    expect(host.querySelector('[data-phrase]')?.getAttribute('data-ends')).toBe('firstlast');
  });

  it('several, one of them inside another: the first has the text, nothing is doubled', async () => {
    await render('Total 12.50 EUR and date 2024-05-01.', '12.50 EUR', '50 EUR', '2024-05-01');
    expect(marked(0)).toEqual(['12.50 EUR']);
    expect(marked(2)).toEqual(['2024-05-01']);
    expect(host.textContent).toBe('Total 12.50 EUR and date 2024-05-01.');
  });

  it('offsets skip what the source has and the text has not', () => {
    expect(sourceOffsets('a*b', 'a\\*b', 0)).toEqual([0, 2, 3]);
    expect(sourceOffsets('&b', '&amp;b', 0)).toEqual([0, 5]);
  });
});

describe('text that is still being written', () => {
  // Every construct that reaches over an empty line, or depends on what stands elsewhere.
  const whole = [
    'One paragraph.\n\nAnother **bold** one.\n\n# Head\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nend',
    '- one\n\n- two\n\n  still two\n\nafter the list',
    '1. one\n\n2. two\n\n   ```\n   code\n\n   more\n   ```\n\n3. three',
    'text\n\n```js\na\n\nb\n```\n\ntext',
    '~~~\n```\n\nx\n~~~\n\ny',
    'sum\n\n$$\na\n\nb\n$$\n\nend',
    '\\[ a\n\nb \\]\n\nend',
    'see [a][r]\n\nmore\n\n[r]: https://example.com',
    'note[^1]\n\nmore\n\n[^1]: the note',
    '<!-- a\n\nb -->\n\nc',
    '> a\n\n> b\n\nc\n\n    code\n\n    more\n\nd',
    'Title\n=====\n\n* * *\n\n- [ ] a\n- [x] b\n\nend',
  ];
  it.each(whole)('reads as the whole does, at every length: %j', async (text) => {
    const plain = (_id: number, _piece: PhrasePiece, content: React.ReactNode): React.ReactNode => content;
    const html = async (sofar: string, marks: { id: number; start: number; end: number }[]): Promise<string> => {
      await act(async () => root.render(<TooltipProvider><MarkdownText text={sofar} marks={marks} phrase={plain} growing /></TooltipProvider>));
      return host.innerHTML.replaceAll('\n', '');
    };
    for (let length = 1; length <= text.length; length += 2) {
      const sofar = text.slice(0, length);
      // A phrase from the first character to the last undoes every cut: the whole is read at once.
      expect(await html(sofar, []), JSON.stringify(sofar)).toBe(await html(sofar, [{ id: 0, start: 0, end: length }]));
    }
  });
  it('is cut so that only its end is read again', () => {
    const text = 'one\n\ntwo\n\n| a |\n|---|\n| 1 |';
    expect(markdownBlocks(text).map(([start, end]) => text.slice(start, end))).toEqual(['one\n\n', 'two\n\n', '| a |\n|---|\n| 1 |']);
    expect(markdownBlocks('- a\n\n- b\n\nc')).toHaveLength(2);
    expect(markdownBlocks('```\na\n\nb')).toHaveLength(1);
  });
  it('a phrase behind a cut is marked, and one across a cut undoes it', async () => {
    await render('First.\n\nThe total is 12.50 here.', '12.50');
    expect(marked(0)).toEqual(['12.50']);
    await render('a b\n\nc d', 'b\n\nc');
    expect(marked(0)).toEqual(['b', 'c']);
    expect([...host.querySelectorAll('[data-phrase]')].map((one) => one.getAttribute('data-ends'))).toEqual(['first', 'last']);
  });
  it('what was read is kept, and shown with the phrases of the message that shows it', async () => {
    await render('Same words 7', '7');
    await act(async () => root.render(<TooltipProvider><MarkdownText text="Same words 7" marks={[{ id: 0, start: 11, end: 12 }]} phrase={(_id, _piece, content) => <i data-other>{content}</i>} /></TooltipProvider>));
    expect(host.querySelector('[data-other]')?.textContent).toBe('7');
    expect(host.querySelector('[data-phrase]')).toBeNull();
  });
});

describe('formulas', () => {
  it('all four ways of writing them become formulas', async () => {
    await render('Inline \\(x^2\\) and $y_1$.\n\n\\[ \\frac{a}{b} \\]\n\n$$\nc\n$$\n');
    expect(host.querySelectorAll('.katex').length).toBe(4);
    expect(host.querySelectorAll('.katex-display').length).toBe(2);
  });

  it.each(['It costs $5 and $10.', 'US$ 3.00 to US$ 4.00', 'between $1,200 and $1,300 net', 'from $a to $b'])('a price is no formula: %s', async (text) => {
    await render(text);
    expect(host.querySelector('.katex')).toBeNull();
    expect(host.textContent).toBe(text);
  });

  it('code keeps its dollars and brackets', async () => {
    await render('```\ncost \\(a\\) $x^2$\n```\nand `\\(b\\)`');
    expect(host.querySelector('.katex')).toBeNull();
    expect(host.textContent).toContain('cost \\(a\\) $x^2$');
  });

  it('offsets behind a changed delimiter are moved with it', () => {
    const { text, at } = normaliseMath('$x^2$ is 9');
    expect(text).toBe('$$x^2$$ is 9');
    expect(text.slice(at(9))).toBe('9');
    expect(at(0)).toBe(0);
  });
});

describe('tables', () => {
  it('are copied as CSV, quotes and commas and all', async () => {
    await render('| Item | Price |\n|---|--:|\n| Tea, "green" | **3.50** |\n| Bread | 2 |\n');
    expect(tableCsv(host.querySelector('table'))).toBe('Item,Price\r\n"Tea, ""green""",3.50\r\nBread,2\r\n');
  });
  it('cells that hold line ends or edges of space are quoted', () => {
    expect(csvOf([['a\nb', ' c', 'd']])).toBe('"a\nb"," c",d\r\n');
    expect(csvOf([])).toBe('');
  });
});

describe('hostile answers', () => {
  const attacks: [string, string][] = [
    ['a script', '<script>globalThis.hit = 1</script>'],
    ['a picture with a handler', '<img src=x onerror="globalThis.hit = 1">'],
    ['a remote picture', '![track](https://evil.example/p.png)'],
    ['a picture by reference', '![a][r]\n\n[r]: https://evil.example/p.png'],
    ['a data picture', '![a](data:image/svg+xml;base64,PHN2Zz4=)'],
    ['a style element', '<style>body{display:none}</style>'],
    ['a style attribute', '<div style="position:fixed;inset:0">x</div>'],
    ['a frame', '<iframe src="https://evil.example"></iframe>'],
    ['a form', '<form action="https://evil.example"><input name="a"></form>'],
    ['a script address', '[click](javascript:globalThis.hit=1)'],
    ['a script address in disguise', '[click](JaVaScRiPt&#58;globalThis.hit=1)'],
    ['a data address', '[click](data:text/html,<script>1</script>)'],
    ['a web address', '[click](https://evil.example)'],
    ['a bare address', 'see https://evil.example/path and www.evil.example'],
    ['an address in angle brackets', '<https://evil.example>'],
    ['a link of a formula', '$$\\href{javascript:alert(1)}{x}$$ and \\(\\url{https://evil.example}\\)'],
    ['a picture of a formula', '\\(\\includegraphics{https://evil.example/a.png}\\)'],
    ['attributes of a formula', '\\(\\htmlId{root}{x} \\htmlStyle{position:fixed}{y} \\htmlData{mark=0}{z}\\)'],
    ['a forged phrase', '<mark data-mark="0">forged</mark>'],
    ['a comment', '<!-- --><svg onload="globalThis.hit = 1"></svg>'],
    ['a definition list of addresses', '<a href="file:///etc/passwd">x</a>'],
  ];
  it.each(attacks)('%s', async (_name, text) => {
    await render(text);
    expect((globalThis as { hit?: number }).hit).toBeUndefined();
    expect(host.querySelector('script, style, iframe, form, img, object, embed, link, meta, base, a, svg[onload], video, audio')).toBeNull();
    expect(host.querySelector('[href], [src], [srcset], [action], [onerror], [onload], [onclick]')).toBeNull();
    expect(host.querySelector('[data-phrase]')).toBeNull();
    expect(host.querySelector('#root, [data-mark]')).toBeNull();
    for (const styled of host.querySelectorAll<HTMLElement>('[style]')) expect(styled.style.position).not.toBe('fixed');
  });

  it('a formula that expands without end ends', async () => {
    const began = performance.now();
    await render('\\(\\def\\a{\\a\\a}\\a\\)');
    await render(`\\(${'\\def\\x#1{#1#1#1#1}'.repeat(2)}${'\\x{'.repeat(30)}y${'}'.repeat(30)}\\)`);
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it('a formula cannot grow over the window', async () => {
    await render('\\(\\rule{9999em}{9999em}\\)');
    const widest = Math.max(0, ...[...host.querySelectorAll<HTMLElement>('[style]')].map((one) => Number.parseFloat(one.style.borderRightWidth || '0')));
    expect(widest).toBeLessThanOrEqual(20);
  });

  it('ten thousand brackets do not hang the window', async () => {
    const began = performance.now();
    await render('['.repeat(10_000));
    expect(host.textContent).toHaveLength(10_000);
    await render('*a _b '.repeat(300));
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
