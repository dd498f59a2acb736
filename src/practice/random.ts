// Chance that can be repeated. `Random` is a sequence; `chanceAt` is a pure
// function of its keys, for what must not depend on who asked before.

export interface Random {
  /** 0 <= x < 1. */
  next(): number;
  between(low: number, high: number): number;
  /** An integer, both ends included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Picks by weight; the weights need not add up to 1. */
  weighted<T>(items: readonly [readonly [T, number], ...(readonly [T, number])[]]): T;
  /** An independent sequence that does not disturb this one. */
  fork(name: string): Random;
}

/** FNV-1a over the text, then an avalanche so that near keys land far apart. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export function chanceAt(...keys: readonly (string | number)[]): number {
  return hash32(keys.join('|')) / 2 ** 32;
}

export function hexAt(length: number, ...keys: readonly (string | number)[]): string {
  let text = '';
  for (let part = 0; text.length < length; part += 1)
    text += hash32([...keys, part].join('|'))
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, length);
}

/** mulberry32: small, fast, good enough for a market. */
export function createRandom(seed: number | string): Random {
  let state = hash32(String(seed));
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    integer: (low, high) => low + Math.floor((high - low + 1) * next()),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    weighted(items) {
      let left = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return items[0][0];
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  };
}
