import { fill, type Values } from '../../fill.ts'
import type { Problem } from '../freemarker/problems.ts'
import { type At, placeOf } from '../freemarker/source.ts'

/** What is said of an artifact, with the values of its places. */
export interface Remark {
  readonly problem: Problem
  readonly values?: Values
}

/** What is wrong with a file, and where: `mail/new.html.ftl:3:14`. */
export interface Fault extends Remark {
  readonly place: string
  /** The problem with its values, in English. */
  readonly text: string
}

export function faultAt(place: string, problem: Problem, values: Values = {}): Fault {
  return { place, text: fill(problem, values), problem, values }
}

/** Of what was found in a template. */
export function faultOf({ at, problem, values }: Remark & { readonly at: At }): Fault {
  return faultAt(placeOf(at), problem, values)
}
