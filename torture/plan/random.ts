/** A seeded source of randomness: the same seed gives the same sequence. */
export interface Random {
  /** From 0 to 1, without 1. */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** Every element, in random order. */
  shuffle<T>(list: readonly T[]): T[]
}

/** @param stream keeps the sequences of one seed apart, such as the load's and the faults' */
export function createRandom(seed: number, stream = ''): Random {
  const next = mulberry32(hash(`${seed}/${stream}`))
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error('There is nothing to pick')
      return list[int(0, list.length - 1)] as T
    },
    shuffle<T>(list: readonly T[]): T[] {
      const keyed = list.map((element) => ({ element, key: next() }))
      return keyed.sort((a, b) => a.key - b.key).map(({ element }) => element)
    },
  }
}

/** Mulberry32, a generator with 32 bits of state: enough to choose faults and loads. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** FNV-1a of a text. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193)
  return value >>> 0
}
