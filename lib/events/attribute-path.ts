import { EcosError } from '../errors.ts'

/**
 * How a value is wanted, as ECOS's Records API names it: `disp` for people, `str`, `num` and `bool` by
 * type, `id`, `localId` and `assoc` for what a record refers to, `json`, `raw` and `bin` as they are.
 */
export const scalars = [
  'disp',
  'str',
  'num',
  'bool',
  'id',
  'localId',
  'assoc',
  'json',
  'raw',
  'bin',
] as const
export type Scalar = (typeof scalars)[number]

/** What the Records API gives where a path names no scalar. */
const defaultScalar = 'disp' satisfies Scalar

export interface Step {
  readonly name: string
  /** `name[]`: every value of the attribute, rather than its first. */
  readonly every: boolean
}

/** One attribute of a record, or of one that it refers to: `author.userName`, `rec._type?id`. */
export interface AttributePath {
  /** None where the scalar is asked of the record itself: `?id`. */
  readonly steps: readonly Step[]
  readonly scalar: Scalar
}

/** Our own bounds: paths come from other systems. */
const longestPath = 512
const mostSteps = 16

/** A name, in which a backslash takes the next character as it is (`cm:title`, `a\.b`), then `[]`. */
const step = /((?:\\.|[^\\.?[\]{},|!"'\s])+)(\[\])?/sy
const scalarEnd = /\?(\w+)$/y

/**
 * Reads a path in the syntax of the Records API: names with dots between them, `[]` behind one for all
 * its values, a scalar behind `?`. The API's lists in braces and its processors (`|`, `!`) are several
 * attributes or computed ones, and are no paths.
 *
 * @throws EcosError `invalid-attribute`, naming the path and the place
 */
export function parseAttributePath(text: string): AttributePath {
  if (text.length > longestPath) {
    throw refusal(`${text.slice(0, 40)}…`, `it has more than ${longestPath} characters`)
  }
  const steps: Step[] = []
  let at = 0
  while (at < text.length && text[at] !== '?') {
    if (steps.length > 0) at = expectDot(text, at)
    step.lastIndex = at
    const match = step.exec(text)
    if (match === null) throw refusal(text, `a name is expected at character ${at + 1}`)
    const [whole, name = '', every] = match
    steps.push({ name: name.replace(/\\(.)/gs, '$1'), every: every !== undefined })
    at += whole.length
  }
  if (steps.length > mostSteps) throw refusal(text, `it has more than ${mostSteps} names`)
  return { steps, scalar: readScalar(text, at, steps.length === 0) }
}

function expectDot(text: string, at: number): number {
  if (text[at] === '.') return at + 1
  throw refusal(text, `"." or "?" is expected at character ${at + 1}`)
}

function readScalar(text: string, at: number, alone: boolean): Scalar {
  if (at === text.length && !alone) return defaultScalar
  scalarEnd.lastIndex = at
  const name = scalarEnd.exec(text)?.[1]
  const scalar = scalars.find((known) => known === name)
  if (scalar !== undefined) return scalar
  throw refusal(text, `it does not end in a scalar; there are ${scalars.join(', ')}`)
}

function refusal(path: string, problem: string): EcosError {
  return new EcosError('invalid-attribute', `"${path}" is no path to an attribute: ${problem}`)
}

/**
 * The one way to write a path, so that two ways to ask for the same are one: `title?disp` is `title`.
 */
export function formatAttributePath({ steps, scalar }: AttributePath): string {
  const names = steps.map(
    ({ name, every }) => name.replace(/[\\.?[\]{},|!"'\s]/g, '\\$&') + (every ? '[]' : ''),
  )
  const end = scalar === defaultScalar && steps.length > 0 ? '' : `?${scalar}`
  return names.join('.') + end
}
