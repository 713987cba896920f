import { EcosError } from '../errors.ts'

/**
 * The scalars of ECOS's Records API, which say in which form a value is requested: `disp` for people,
 * `str`, `num` and `bool` by type, `id`, `localId` and `assoc` for references, `json`, `raw` and `bin` for
 * the value itself.
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

/** The scalar of a path that names none. */
const defaultScalar = 'disp' satisfies Scalar

export interface Step {
  readonly name: string
  /** `name[]`: all values of the attribute instead of the first. */
  readonly isList: boolean
}

/** An attribute of a record or of a referenced one: `author.userName`, `rec._type?id`. */
export interface AttributePath {
  /** Empty when the scalar applies to the record itself: `?id`. */
  readonly steps: readonly Step[]
  readonly scalar: Scalar
}

/** Paths come from other systems, so they are bounded. */
const maxLength = 512
const maxSteps = 16

/** A name, in which a backslash escapes the next character (`cm:title`, `a\.b`), and optionally `[]`. */
const step = /((?:\\.|[^\\.?[\]{},|!"'\s])+)(\[\])?/sy
const scalarEnd = /\?(\w+)$/y

/**
 * Parses a path in the syntax of the Records API: names separated by dots, each optionally followed by
 * `[]`, and optionally a scalar after `?`. Lists in braces and processors (`|`, `!`) denote several or
 * computed attributes and are refused.
 *
 * @throws EcosError `invalid-attribute`, naming the path and the position
 */
export function parseAttributePath(text: string): AttributePath {
  if (text.length > maxLength) {
    throw refusal(`${text.slice(0, 40)}…`, `it has more than ${maxLength} characters`)
  }
  const steps: Step[] = []
  let at = 0
  while (at < text.length && text[at] !== '?') {
    if (steps.length > 0) at = expectDot(text, at)
    step.lastIndex = at
    const match = step.exec(text)
    if (match === null) throw refusal(text, `expected a name at character ${at + 1}`)
    const [whole, name = '', list] = match
    steps.push({ name: name.replace(/\\(.)/gs, '$1'), isList: list !== undefined })
    at += whole.length
  }
  if (steps.length > maxSteps) throw refusal(text, `it has more than ${maxSteps} names`)
  return { steps, scalar: readScalar(text, at, steps.length === 0) }
}

function expectDot(text: string, at: number): number {
  if (text[at] === '.') return at + 1
  throw refusal(text, `expected "." or "?" at character ${at + 1}`)
}

function readScalar(text: string, at: number, isRequired: boolean): Scalar {
  if (at === text.length && !isRequired) return defaultScalar
  scalarEnd.lastIndex = at
  const name = scalarEnd.exec(text)?.[1]
  const scalar = scalars.find((known) => known === name)
  if (scalar !== undefined) return scalar
  throw refusal(text, `it must end in a scalar: ${scalars.join(', ')}`)
}

function refusal(path: string, problem: string): EcosError {
  return new EcosError('invalid-attribute', `"${path}" is not an attribute path: ${problem}`)
}

/**
 * The canonical form of a path: `title?disp` becomes `title`.
 */
export function formatAttributePath({ steps, scalar }: AttributePath): string {
  const names = steps.map(
    ({ name, isList }) => name.replace(/[\\.?[\]{},|!"'\s]/g, '\\$&') + (isList ? '[]' : ''),
  )
  const end = scalar === defaultScalar && steps.length > 0 ? '' : `?${scalar}`
  return names.join('.') + end
}
