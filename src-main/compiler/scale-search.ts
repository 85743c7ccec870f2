// The search for a block's scale as vector code: which of several starts leaves the least squared error. Counts in 16-bit integers, eight values
// at a time. Knows neither formats nor how a start is made.
import {
  type Code, advance, before, float, floats, get, int, ints, keepFloat, keepInt, lane, load, loadShort, none, roundingBits, roundingFloat, scalar, set, shorts, shuffleWords, store, tee, until, type WasmFunction, when,
} from '../base/vector-code.ts';

/** A start is one factor with one range of integers or two: factor, least and greatest of the first, of the second, in 16 bits each. */
export const startBytes = 16;

/** Where the arrays of a search lie, as distances from the first of their kind. */
export interface SearchPlaces {
  /** From a float32 value to its importance, a whole number as float32. */
  readonly floatWeights: number;
  /** From a value as 16-bit integer to its product with the importance, and to the importance. */
  readonly products: number;
  readonly weights: number;
  /** What was found: Σ w·q·x and Σ w·q² in float32, the start's address, 0 or 1 for its range. */
  readonly found: number;
}

/**
 * `search(values, end, integers, perUnit, perProduct, starts, singles, startsEnd)`: starts with two ranges come first. Values are turned into integers x = nearest(value · perUnit), at
 * `integers`; a start gives q = clamp(x · factor / 2^15). With these q the best scale is Σ w·q·x / Σ w·q², and what is left of the squared error is
 * Σ w·x² − (Σ w·q·x)² / Σ w·q²: the start that takes most away is found. Where values count unequally, w·x is nearest(value · w · perProduct).
 */
export function search(weighted: boolean, places: SearchPlaces): WasmFunction {
  const [values, end, integers, perUnit, perProduct, start, singles, startsEnd] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const [at, to, most, upper, lower, gain] = [8, 9, 10, 11, 12, 13] as const;
  const [units, products, rounding, bits, factor, low, high, low2, high2, over, under, over2, under2, scaled, q, other, x] = [14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30] as const;

  const whole = (offset: number, factors: Code): Code => [...get(at), ...load(offset), ...factors, ...get(rounding), ...floats.add, ...get(bits), ...ints.sub];
  const turned = (place: number, factors: (offset: number) => Code): Code => [...get(to), ...whole(0, factors(0)), ...whole(16, factors(16)), ...shorts.fromInts, ...store(place)];
  const weightAt = (offset: number): Code => [...get(at), ...load(places.floatWeights + offset), ...floats.mul];

  const added = (sum: number, value: Code): Code => [...get(sum), ...value, ...ints.add, ...set(sum)];
  const tried = (offset: number, least: number, greatest: number, above: number, below: number): Code => [
    ...get(scaled), ...get(least), ...shorts.most, ...get(greatest), ...shorts.least, ...set(q),
    ...added(above, [...get(q), ...get(x), ...ints.productsOfShorts]),
    ...added(below, [...get(q), ...get(q), ...(weighted ? [...get(at), ...load(places.weights + offset), ...shorts.mul] : []), ...ints.productsOfShorts]),
  ];
  const eight = (offset: number, ranges: 1 | 2): Code => [
    ...get(at), ...load(offset), ...(weighted ? [] : tee(x)), ...get(factor), ...shorts.scaled, ...set(scaled), ...(weighted ? [...get(at), ...load(places.products + offset), ...set(x)] : []),
    ...tried(offset, low, high, over, under), ...(ranges === 2 ? tried(offset, low2, high2, over2, under2) : []),
  ];
  /** The four sums of lanes of four vectors. */
  const halves = (a: number, b: number): Code => [...get(a), ...get(b), ...shuffleWords([0, 4, 1, 5]), ...get(a), ...get(b), ...shuffleWords([2, 6, 3, 7]), ...ints.add];
  const judged = (range: 0 | 1): Code => [
    ...get(q), ...lane(2 * range), ...set(upper), ...get(q), ...lane(2 * range + 1), ...set(lower),
    ...get(upper), ...get(upper), ...scalar.mul, ...get(lower), ...scalar.div, ...set(gain),
    ...when(
      [...get(gain), ...get(most), ...scalar.above],
      get(gain), set(most), int(places.found), get(upper), keepFloat, int(places.found + 4), get(lower), keepFloat,
      int(places.found + 8), get(start), keepInt, int(places.found + 12), int(range), keepInt,
    ),
  ];
  const starts = (ranges: 1 | 2, last: number): Code => until(
    start, last,
    [factor, low, high, low2, high2].slice(0, 1 + 2 * ranges).flatMap((vector, place) => [...get(start), ...loadShort(2 * place), ...set(vector)]),
    [over, under, over2, under2].flatMap((sum) => [...none, ...set(sum)]),
    get(integers), set(at),
    until(at, to, eight(0, ranges), eight(16, ranges), advance(at, 32)),
    halves(over, under), set(q), halves(over2, under2), set(other),
    get(q), get(other), shuffleWords([0, 1, 4, 5]), get(q), get(other), shuffleWords([2, 3, 6, 7]), ints.add, floats.fromInts, set(q),
    judged(0), ranges === 2 ? judged(1) : [],
    advance(start, startBytes),
  );
  return {
    name: weighted ? 'searchWeighted' : 'searchEqual',
    parameters: ['i32', 'i32', 'i32', 'f32', 'f32', 'i32', 'i32', 'i32'],
    locals: ['i32', 'i32', 'f32', 'f32', 'f32', 'f32', ...Array.from({ length: 17 }, () => 'v128' as const)],
    body: [
      get(perUnit), floats.splat, set(units), get(perProduct), floats.splat, set(products), float(roundingFloat), floats.splat, set(rounding), int(roundingBits), ints.splat, set(bits),
      get(values), set(at), get(integers), set(to),
      until(
        at, end,
        turned(0, () => [...get(units), ...floats.mul]),
        weighted ? turned(places.products, (offset) => [...get(products), ...floats.mul, ...weightAt(offset)]) : [],
        advance(at, 32), advance(to, 16),
      ),
      int(places.found + 4), float(0), keepFloat,
      starts(2, singles), when([...get(start), ...get(startsEnd), ...before], starts(1, startsEnd)),
    ].flat(),
  };
}
