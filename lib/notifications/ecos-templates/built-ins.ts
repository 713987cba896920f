import { quoted, type Type } from './liquid.ts'

/** Filters of Liquid, and the kind of their result if it is not that of the value. */
export interface Filters {
  readonly filters: readonly string[]
  readonly type?: Type | undefined
}

type Make = (...values: readonly string[]) => readonly string[]

const none: Make = () => []
const one =
  (filter: string): Make =>
  (first = '""') => [`${filter}: ${first}`]

/** FreeMarker's built-ins that filters stand for, with the number of values that they may take. */
const byName: Readonly<Record<string, readonly [most: number, make: Make, type?: Type]>> = {
  // Values are escaped in HTML anyway.
  ...{ html: [0, none, 'text'], xhtml: [0, none, 'text'], xml: [0, none, 'text'] },
  esc: [0, none, 'text'],
  trim: [0, () => ['strip'], 'text'],
  upper_case: [0, () => ['upcase'], 'text'],
  lower_case: [0, () => ['downcase'], 'text'],
  size: [0, () => ['size'], 'number'],
  length: [0, () => ['size'], 'number'],
  first: [0, () => ['first']],
  last: [0, () => ['last']],
  reverse: [0, () => ['reverse']],
  sort: [0, () => ['sort']],
  sort_by: [1, one('sort')],
  join: [1, (separator = '""') => [`join: ${separator}`], 'text'],
  split: [1, one('split'), 'text'],
  replace: [2, (from, to = '""') => [`replace: ${from}, ${to}`], 'text'],
  if_exists: [0, () => ['default: ""']],
  url: [0, () => ['url_encode', `replace: "+", ${quoted('%20')}`], 'text'],
  number: [0, () => ['plus: 0'], 'number'],
  // Halves go up, also below zero.
  round: [0, () => ['plus: 0.5', 'floor'], 'number'],
  floor: [0, () => ['floor'], 'number'],
  ceiling: [0, () => ['ceil'], 'number'],
  abs: [0, () => ['abs'], 'number'],
}

/** @returns undefined for a built-in that no filter stands for, or with more values than that takes */
export function filtersFor(name: string, values: readonly string[]): Filters | undefined {
  if (!Object.hasOwn(byName, name)) return undefined
  const [most, make, type] = byName[name] ?? [0, none]
  return values.length > most ? undefined : { filters: make(...values), type }
}
