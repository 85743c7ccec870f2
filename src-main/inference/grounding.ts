// Finds the places that an answer points at, while it is still being written: tags of the first two generations, JSON and HTML of the
// later ones. Coordinates stay the model's; place-on-page.ts makes them the page's. Malformed marks are dropped, never thrown.

/** A shape in the model's own coordinates. */
export interface ModelShape {
  readonly kind: 'box' | 'quad' | 'point';
  /** Two corners, four corners, one point. */
  readonly points: readonly (readonly [number, number])[];
}

export interface ModelGrounding {
  /** Characters of the visible text that the shape belongs to; empty where the model named nothing. */
  readonly start: number;
  readonly end: number;
  readonly label: string | null;
  readonly shape: ModelShape;
  /** Which picture of the conversation the model named, from 0; null when it named none. */
  readonly image: number | null;
}

/** What an answer says of a place: its name there, or the words that stand for it. Data around coordinates says nothing. */
export function saidOf({ label, start, end }: ModelGrounding, text: string): string {
  const said = label ?? text.slice(start, end);
  return /^\s*[[{<]/.test(said) ? '' : said;
}

export interface GroundedText {
  /** Visible text to append. */
  readonly text: string;
  readonly groundings: readonly ModelGrounding[];
}

type Tag = 'ref' | 'refEnd' | 'box' | 'boxEnd' | 'quad' | 'quadEnd';

const tags: Readonly<Record<string, Tag>> = {
  '<ref>': 'ref', '</ref>': 'refEnd', '<box>': 'box', '</box>': 'boxEnd', '<quad>': 'quad', '</quad>': 'quadEnd',
  '<|object_ref_start|>': 'ref', '<|object_ref_end|>': 'refEnd', '<|box_start|>': 'box', '<|box_end|>': 'boxEnd', '<|quad_start|>': 'quad', '<|quad_end|>': 'quadEnd',
};
const tagNames = Object.keys(tags);
const longestTag = Math.max(...tagNames.map((name) => name.length));
/** More characters than any list of coordinates needs: what is longer is no box. */
const longestShape = 400;
/** JSON objects longer than this are data, not marks. */
const longestObject = 4000;

const numbers = (text: string): number[] => [...text.matchAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi)].map(([digits]) => Number(digits));

function shapeOf(values: readonly number[], wanted: 'box' | 'quad' | 'point' | 'any'): ModelShape | null {
  if (values.some((value) => !(Math.abs(value) < 1e6))) return null;
  const pairs = Array.from({ length: Math.floor(values.length / 2) }, (_, at) => [values[2 * at]!, values[2 * at + 1]!] as const);
  if ((wanted === 'quad' || wanted === 'any') && values.length === 8) return { kind: 'quad', points: pairs };
  if ((wanted === 'point' || wanted === 'any') && values.length === 2) return { kind: 'point', points: pairs };
  if (wanted === 'point' || values.length !== 4) return null;
  const [x1, y1, x2, y2] = values as [number, number, number, number];
  return { kind: 'box', points: [[Math.min(x1, x2), Math.min(y1, y2)], [Math.max(x1, x2), Math.max(y1, y2)]] };
}

export class GroundingParser {
  #visible = '';
  /** Text that may still become a tag. */
  #pending = '';
  #inside: { tag: 'box' | 'quad'; text: string } | null = null;
  #refStart: number | null = null;
  #lastRef: { start: number; end: number } | null = null;
  /** Open braces of JSON-like text: where in the visible text, and whether another object was inside. */
  #braces: { at: number; isOuter: boolean }[] = [];
  #quote: string | null = null;
  #escaped = false;
  #markupStart: number | null = null;

  /** Everything visible so far. */
  get text(): string {
    return this.#visible;
  }

  push(text: string): GroundedText {
    const before = this.#visible.length;
    const found: ModelGrounding[] = [];
    this.#pending += text;
    for (;;) {
      const open = this.#pending.indexOf('<');
      if (open < 0) {
        this.#take(this.#pending, found);
        this.#pending = '';
        break;
      }
      this.#take(this.#pending.slice(0, open), found);
      this.#pending = this.#pending.slice(open);
      const name = tagNames.find((one) => this.#pending.startsWith(one));
      if (name) {
        this.#tag(tags[name]!, found);
        this.#pending = this.#pending.slice(name.length);
      } else if (this.#pending.length < longestTag && tagNames.some((one) => one.startsWith(this.#pending))) {
        break; // may become a tag with the next token
      } else {
        this.#take('<', found);
        this.#pending = this.#pending.slice(1);
      }
    }
    return { text: this.#visible.slice(before), groundings: found };
  }

  /** What was held back. An unfinished box is dropped, as the reference's display does. */
  end(): GroundedText {
    const before = this.#visible.length;
    const found: ModelGrounding[] = [];
    this.#take(this.#pending, found);
    this.#pending = '';
    this.#inside = null;
    return { text: this.#visible.slice(before), groundings: found };
  }

  #take(text: string, found: ModelGrounding[]): void {
    if (text === '') return;
    if (this.#inside) {
      this.#inside.text += text;
      // a box that never ends must not swallow the answer
      if (this.#inside.text.length <= longestShape) return;
      const lost = this.#inside.text;
      this.#inside = null;
      return this.#show(lost, found);
    }
    this.#show(text, found);
  }

  #show(text: string, found: ModelGrounding[]): void {
    if (this.#refStart === null && text.trim() !== '') this.#lastRef = null;
    for (const character of text) {
      this.#visible += character;
      this.#scan(character, found);
    }
  }

  #tag(tag: Tag, found: ModelGrounding[]): void {
    const at = this.#visible.length;
    if (this.#inside && tag !== `${this.#inside.tag}End`) this.#inside = null;
    if (tag === 'ref') {
      this.#refStart = at;
      this.#lastRef = null;
    } else if (tag === 'refEnd') {
      if (this.#refStart !== null) this.#lastRef = { start: this.#refStart, end: at };
      this.#refStart = null;
    } else if (tag === 'box' || tag === 'quad') {
      // a name that was never closed ends where its box begins
      if (this.#refStart !== null) this.#lastRef = { start: this.#refStart, end: at };
      this.#refStart = null;
      this.#inside = { tag, text: '' };
    } else if (this.#inside) {
      const shape = shapeOf(numbers(this.#inside.text), this.#inside.tag === 'quad' ? 'quad' : 'any');
      this.#inside = null;
      if (!shape) return;
      const range = this.#lastRef ?? { start: at, end: at };
      found.push({ ...range, label: this.#lastRef ? this.#visible.slice(range.start, range.end).trim() : null, shape, image: this.#pictureNamed(range.start) });
    }
  }

  /** "Picture 2: …" in the same line before a place says which picture it is on. */
  #pictureNamed(before: number): number | null {
    const line = this.#visible.slice(this.#visible.lastIndexOf('\n', before - 1) + 1, before);
    const named = [...line.matchAll(/\bpicture\s*(\d+)/gi)].at(-1);
    return named ? Math.max(0, Number(named[1]) - 1) : null;
  }

  /** Follows braces and markup in the visible text, and reads each part that closes. */
  #scan(character: string, found: ModelGrounding[]): void {
    const at = this.#visible.length - character.length;
    if (this.#braces.length > 0) {
      if (this.#quote !== null) {
        if (this.#escaped) this.#escaped = false;
        else if (character === '\\') this.#escaped = true;
        else if (character === this.#quote || character === '\n') this.#quote = null;
        return;
      }
      if (character === '"') {
        this.#quote = character;
        return;
      }
    }
    if (character === '{') this.#braces.push({ at, isOuter: false });
    else if (character === '}') {
      const open = this.#braces.pop();
      const around = this.#braces.at(-1);
      if (around) around.isOuter = true;
      // objects around others were read by their parts
      if (open && !open.isOuter && at - open.at < longestObject) this.#object(open.at, at + 1, found);
    } else if (character === '<') this.#markupStart = at;
    else if (character === '>' && this.#markupStart !== null) {
      this.#markup(this.#markupStart, at + 1, found);
      this.#markupStart = null;
    }
  }

  #object(start: number, end: number, found: ModelGrounding[]): void {
    const source = this.#visible.slice(start, end);
    const image = /["']?(?:image|picture|page|image_index|image_id)["']?\s*:\s*["']?(?:[A-Za-z ]*)(\d+)/i.exec(source);
    const named = /["']?(?:label|text_content|text|name|sub_label)["']?\s*:\s*("(?:[^"\\]|\\.)*")/.exec(source);
    let label: string | null = null;
    if (named) {
      try {
        label = JSON.parse(named[1]!) as string;
      } catch {
        label = named[1]!.slice(1, -1);
      }
    }
    for (const [, key, list] of source.matchAll(/["']?(bbox_2d|bbox|box_2d|point_2d|point|quad_2d|polygon)["']?\s*:\s*["']?[[(]([^\])}]*(?:\]\s*,\s*\[[^\])}]*)*)[\])]/g)) {
      const shape = shapeOf(numbers(list!), key!.startsWith('point') ? 'point' : 'any');
      if (shape) found.push({ start, end, label, shape, image: image ? Math.max(0, Number(image[1]) - 1) : null });
    }
  }

  #markup(start: number, end: number, found: ModelGrounding[]): void {
    const source = this.#visible.slice(start, end);
    const box = /\bdata-bbox\s*=\s*["']([^"']*)["']/.exec(source) ?? /^<!--\s*(?:Image|Table)\s*\(([^)]*)\)\s*-->$/.exec(source);
    const shape = box && shapeOf(numbers(box[1]!), 'box');
    if (shape) found.push({ start, end, label: null, shape, image: null });
  }
}
