// Sequences in general: the cheapest way from one to the other, and the heaviest part that is in order. Knows no text.

/**
 * Pairs (index in `a`, index in `b`) in order, equal or replaced; what is in no pair was left out or put in.
 * @source Needleman and Wunsch 1970; a replacement costs less than leaving out and putting in
 */
export function alignSequences(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  const cost = new Float32Array((a.length + 1) * width);
  for (let i = 0; i <= a.length; i++) cost[i * width] = i;
  for (let j = 0; j <= b.length; j++) cost[j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const diagonal = cost[(i - 1) * width + j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1.4);
      cost[i * width + j] = Math.min(diagonal, cost[(i - 1) * width + j]! + 1, cost[i * width + j - 1]! + 1);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = a.length, j = b.length; i > 0 && j > 0; ) {
    const here = cost[i * width + j]!;
    if (Math.abs(here - cost[(i - 1) * width + j - 1]! - (a[i - 1] === b[j - 1] ? 0 : 1.4)) < 1e-3) pairs.push([--i, --j]);
    else if (Math.abs(here - cost[(i - 1) * width + j]! - 1) < 1e-3) i--;
    else j--;
  }
  return pairs.reverse();
}

/** Which items belong to the heaviest selection whose `order` rises. */
export function heaviestRising(items: readonly { readonly order: number; readonly weight: number }[]): boolean[] {
  const total = items.map((item) => item.weight), previous = items.map(() => -1);
  let best = -1;
  items.forEach((item, at) => {
    for (let earlier = 0; earlier < at; earlier++) {
      if (items[earlier]!.order < item.order && total[earlier]! + item.weight > total[at]!) {
        total[at] = total[earlier]! + item.weight;
        previous[at] = earlier;
      }
    }
    if (best < 0 || total[at]! > total[best]!) best = at;
  });
  const chosen = items.map(() => false);
  for (let at = best; at >= 0; at = previous[at]!) chosen[at] = true;
  return chosen;
}

/** Sets of numbers that grow together. */
export class Groups {
  readonly #parent: number[] = [];

  constructor(count: number) {
    for (let at = 0; at < count; at++) this.#parent.push(at);
  }

  of(one: number): number {
    let root = one;
    while (this.#parent[root] !== root) root = this.#parent[root]!;
    for (let at = one; at !== root; ) [at, this.#parent[at]] = [this.#parent[at]!, root];
    return root;
  }

  join(one: number, other: number): void {
    this.#parent[this.of(other)] = this.of(one);
  }
}
