// From matched characters to what a person would call a change: words and cells that were changed, put in, taken out or moved, with
// their places on both pages. Both pages are upright here. Knows no pixels; says nothing of doubt.
import type { PageMatrix } from '@contract/compare.ts';
import { boundsOf, type Quad, type Rect } from '@contract/geometry.ts';
import type { CharacterMatch } from './match-characters.ts';
import { invert, project } from './matrix.ts';
import { joinQuads, textOfUnits, type PageCharacters, type Unit } from './page-characters.ts';
import { PagePosition } from './page-position.ts';
import { Groups, heaviestRising } from './sequence.ts';

export interface TextChange {
  readonly kind: 'changed' | 'inserted' | 'removed' | 'moved';
  readonly before: { quad: Quad; text: string };
  readonly after: { quad: Quad; text: string };
  /** The least confidence of the words concerned; of words that one page alone has, that of most of them. */
  readonly confidence: number;
  readonly cell: boolean;
}

/** Text heights: a block that stands further from where its neighbours would have it has been moved. */
const movedBy = 0.9;
/** Shorter text in another order is chance. */
const movedCharacters = 8;

const area = (rect: Rect): number => Math.max(0, rect.width) * Math.max(0, rect.height);
export function overlapOf(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x), height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? (width * height) / Math.max(1, Math.min(area(a), area(b))) : 0;
}

/** One quad around units, which may stand in several lines. */
function quadAround(units: readonly Unit[]): Quad {
  if (new Set(units.map((unit) => unit.segment)).size === 1) return joinQuads(units.map((unit) => unit.quad));
  const { x, y, width, height } = boundsOf(units.flatMap((unit) => unit.quad));
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
}

const squeezed = (units: readonly Unit[], page: PageCharacters): string => units.map((unit) => page.characters.slice(unit.from, unit.to).map((one) => one.code).join('')).join('');

interface Component {
  before: Unit[];
  after: Unit[];
}

/** Groups of words without full counterparts, those of both pages that belong together in one group. */
function componentsOf(before: PageCharacters, after: PageCharacters, match: CharacterMatch, position: PagePosition): Component[] {
  const isOpen = (units: readonly Unit[], to: Int32Array): boolean[] => units.map((unit) => {
    for (let at = unit.from; at < unit.to; at++) if (to[at] === -1) return true;
    return false;
  });
  const openBefore = isOpen(before.units, match.forward), openAfter = isOpen(after.units, match.backward);
  const offset = before.units.length;
  const groups = new Groups(offset + after.units.length);
  const touched = new Set<number>();
  const link = (a: number, b: number): void => {
    groups.join(a, offset + b);
    touched.add(a).add(offset + b);
  };
  // A word that shares characters with a changed word changed with it.
  before.units.forEach((unit, a) => {
    for (let at = unit.from; at < unit.to; at++) {
      const to = match.forward[at]!;
      const b = to < 0 ? -1 : after.characters[to]!.unit;
      if (b >= 0 && (openBefore[a] || openAfter[b])) link(a, b);
    }
    if (openBefore[a]) touched.add(a);
  });
  after.units.forEach((_, b) => openAfter[b] && touched.add(offset + b));
  // Changed words side by side are one change.
  const joinRow = (units: readonly Unit[], shift: number): void => {
    for (let at = 1; at < units.length; at++) {
      if (touched.has(shift + at) && touched.has(shift + at - 1) && units[at]!.segment === units[at - 1]!.segment) groups.join(shift + at - 1, shift + at);
    }
  };
  joinRow(before.units, 0);
  joinRow(after.units, offset);
  // What was put in where something was taken out replaces it: the same gap in the text, or the same place on the page.
  const changedAfter = [...touched].filter((one) => one >= offset).map((one) => one - offset);
  const wholly = (units: readonly Unit[], at: number, to: Int32Array): boolean => {
    for (let c = units[at]!.from; c < units[at]!.to; c++) if (to[c] !== -1) return false;
    return true;
  };
  for (const a of [...touched].filter((one) => one < offset)) {
    const unit = before.units[a]!;
    if (!wholly(before.units, a, match.forward)) continue;
    const bounds = boundsOf(position.placeQuad(unit.quad));
    for (const b of changedAfter) {
      const other = after.units[b]!;
      const sameGap = (unit.from > 0 && match.forward[unit.from - 1] === other.from - 1 && other.from > 0) || (unit.to < match.forward.length && match.forward[unit.to] === other.to && other.to < match.backward.length);
      if (sameGap && isNearRow(bounds, boundsOf(other.quad))) groups.join(a, offset + b);
      else if (overlapOf(bounds, boundsOf(other.quad)) > 0.25 && isNearRow(bounds, boundsOf(other.quad))) groups.join(a, offset + b);
    }
  }
  const components = new Map<number, Component>();
  for (const one of [...touched].sort((p, q) => p - q)) {
    const root = groups.of(one);
    const component = components.get(root) ?? { before: [], after: [] };
    components.set(root, component);
    if (one < offset) component.before.push(before.units[one]!);
    else component.after.push(after.units[one - offset]!);
  }
  return [...components.values()];
}

const isNearRow = (a: Rect, b: Rect): boolean => Math.abs(a.y + a.height / 2 - b.y - b.height / 2) < 0.6 * Math.max(a.height, b.height);

/** Whole lines that were put in or taken out one under the other are one change. */
function joinLines(components: readonly Component[], side: 'before' | 'after', page: PageCharacters, used: (segment: number) => boolean): Component[] {
  const other = side === 'before' ? 'after' : 'before';
  const rest = components.filter((one) => one[other].length > 0);
  const lone = components.filter((one) => one[other].length === 0).sort((a, b) => a[side][0]!.from - b[side][0]!.from);
  const joined: Component[] = [];
  let end = -1;
  for (const component of lone) {
    const units = component[side], first = units[0]!.segment;
    const last = joined.at(-1);
    const isWhole = (segment: number): boolean => !used(segment);
    const isNext = last !== undefined && isWhole(first) && isWhole(last[side].at(-1)!.segment) && first === end + 1 && followsOn(page, end, first);
    // Cells of one row go together, even where a cell between has found a counterpart by chance.
    const sameRow = last !== undefined && page.segments[first]!.isCell && page.segments[end]!.isCell && isOneRow(page, end, first);
    if (last && (isNext || sameRow)) last[side].push(...units);
    else joined.push({ before: [...component.before], after: [...component.after] });
    end = units.at(-1)!.segment;
  }
  return [...rest, ...joined];
}

function isOneRow(page: PageCharacters, one: number, other: number): boolean {
  const a = boundsOf(page.segments[one]!.quad), b = boundsOf(page.segments[other]!.quad);
  return Math.abs(a.y + a.height / 2 - b.y - b.height / 2) < 0.5 * Math.max(a.height, b.height);
}

/** Whether a segment is the next one in its row, or stands in the next row. */
function followsOn(page: PageCharacters, one: number, other: number): boolean {
  const a = boundsOf(page.segments[one]!.quad), b = boundsOf(page.segments[other]!.quad);
  return isOneRow(page, one, other) || (b.y + b.height / 2 > a.y + a.height && b.y - a.y - a.height < 1.2 * Math.max(a.height, b.height));
}

interface Block {
  readonly from: number;
  to: number;
  readonly order: number;
  weight: number;
}

/** Runs of characters that keep their order on both pages. */
function blocksOf(before: PageCharacters, match: CharacterMatch): Block[] {
  const blocks: Block[] = [];
  let last = -2, lastAt = -2;
  match.forward.forEach((to, at) => {
    if (to < 0) return;
    const open = blocks.at(-1);
    if (open && to > last && to - last <= 3 && at - lastAt <= 3) {
      open.to = at + 1;
      open.weight++;
    } else blocks.push({ from: at, to: at + 1, order: to, weight: 1 });
    last = to;
    lastAt = at;
  });
  return blocks.map((block) => ({ ...block, weight: Math.min(block.weight, before.characters.length) }));
}

const lengthOf = (units: readonly Unit[]): number => units.reduce((sum, { from, to }) => sum + to - from, 0);

/** Whether more of the lines of `moved` was changed than was moved: what agrees there agrees by chance, as some of it does on any two pages. */
function isChance(moved: readonly Unit[], { units }: PageCharacters, changed: ReadonlySet<Unit>): boolean {
  const segments = new Set(moved.map((unit) => unit.segment));
  return lengthOf(units.filter((unit) => segments.has(unit.segment) && changed.has(unit))) >= lengthOf(moved.filter((unit) => !changed.has(unit)));
}

/** Text that stands in another order and elsewhere than what surrounds it. (In another order alone, it was only read in another order.) */
function movedBlocks(before: PageCharacters, after: PageCharacters, match: CharacterMatch, matrix: PageMatrix | null, changed: ReadonlySet<Unit>): TextChange[] {
  const blocks = blocksOf(before, match), kept = heaviestRising(blocks);
  const settled = match.forward.slice();
  blocks.forEach((block, at) => {
    if (!kept[at]) settled.fill(-1, block.from, block.to);
  });
  const position = matrix && new PagePosition(matrix, before, after, settled);
  const moved: { units: Unit[]; others: Unit[]; order: number }[] = [];
  blocks.forEach((block, at) => {
    if (kept[at] || block.weight < movedCharacters) return;
    const characters = before.characters.slice(block.from, block.to).map((one, index) => ({ one, to: match.forward[block.from + index]! })).filter(({ to }) => to >= 0);
    if (position) {
      const { one, to } = characters[characters.length >> 1]!;
      const other = after.characters[to]!, height = after.segments[other.segment]!.height;
      const [x, y] = position.place(one.x, one.y), [u, v] = project(matrix!, one.x, one.y);
      // Where the map alone has it, it has not moved either.
      const away = Math.min(Math.hypot((other.x - x) * 0.5, other.y - y), Math.hypot((other.x - u) * 0.5, other.y - v));
      if (away < movedBy * height) return;
    }
    const units = [...new Set(characters.map(({ one }) => one.unit))].map((index) => before.units[index]!);
    const others = [...new Set(characters.map(({ to }) => after.characters[to]!.unit))].sort((p, q) => p - q).map((index) => after.units[index]!);
    const last = moved.at(-1);
    if (last && block.order > last.order && units[0]!.segment - last.units.at(-1)!.segment <= 1 && others[0]!.segment - last.others.at(-1)!.segment <= 1) {
      last.units.push(...units);
      last.others.push(...others);
    } else moved.push({ units, others, order: block.order });
  });
  return moved.filter(({ units, others }) => !isChance(units, before, changed) && !isChance(others, after, changed)).map(({ units, others }) => ({
    kind: 'moved', cell: false, confidence: Math.min(...units.map((unit) => unit.confidence)),
    before: { quad: quadAround(units), text: textOfUnits(units) },
    after: { quad: quadAround(others), text: textOfUnits(others) },
  }));
}

/** Half of the characters were read more surely. A whole passage is not made up because one word of it was guessed. */
function middleConfidence(units: readonly Unit[]): number {
  const sorted = [...units].sort((a, b) => a.confidence - b.confidence), half = lengthOf(units) / 2;
  let seen = 0;
  return sorted.find(({ from, to }) => (seen += to - from) >= half)?.confidence ?? 0;
}

/** @param matrix takes the page before to the page after; null when the pages could not be laid on one another */
export function textChanges(before: PageCharacters, after: PageCharacters, match: CharacterMatch, matrix: PageMatrix | null, fallback: PageMatrix): TextChange[] {
  const forward = new PagePosition(matrix ?? fallback, before, after, match.forward);
  const backward = new PagePosition(invert(matrix ?? fallback), after, before, match.backward);
  const usedBefore = new Set<number>(), usedAfter = new Set<number>();
  match.forward.forEach((to, at) => {
    if (to < 0) return;
    usedBefore.add(before.characters[at]!.segment);
    usedAfter.add(after.characters[to]!.segment);
  });
  const raw = componentsOf(before, after, match, forward);
  const components = joinLines(joinLines(raw, 'before', before, (segment) => usedBefore.has(segment)), 'after', after, (segment) => usedAfter.has(segment));
  const changes: TextChange[] = [];
  const changed = new Set<Unit>();
  for (const { before: units, after: others } of components) {
    if (squeezed(units, before) === squeezed(others, after)) continue;
    const all = [...units, ...others];
    // A page that was put in before them renumbers all that follow.
    if (units.every((unit) => before.segments[unit.segment]!.isPageNumber) && others.every((unit) => after.segments[unit.segment]!.isPageNumber)) continue;
    for (const unit of all) changed.add(unit);
    const first = units.length ? quadAround(units) : null, second = others.length ? quadAround(others) : null;
    changes.push({
      kind: first && second ? 'changed' : second ? 'inserted' : 'removed',
      before: { quad: first ?? backward.placeQuad(second!), text: textOfUnits(units) },
      after: { quad: second ?? forward.placeQuad(first!), text: textOfUnits(others) },
      confidence: first && second ? Math.min(...all.map((unit) => unit.confidence)) : middleConfidence(all),
      cell: units.every((unit) => before.segments[unit.segment]!.isCell) && others.every((unit) => after.segments[unit.segment]!.isCell),
    });
  }
  return [...changes, ...movedBlocks(before, after, match, matrix, changed)];
}
