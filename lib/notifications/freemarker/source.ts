import { EcosError } from '../../errors.ts'
import { fill, type Values } from '../../fill.ts'
import type { Problem } from './problems.ts'

/** A template's text. */
export interface Source {
  /** Its name, for those who read about it. */
  readonly file: string
  readonly text: string
  /** Where the text itself stands, if not at the file's beginning: `mail/new.meta.yml:4:9`. */
  readonly place?: string
}

/** A position in a source, counted in UTF-16 units from 0. */
export interface At {
  readonly source: Source
  readonly offset: number
}

/** A part of a source. */
export interface Range {
  readonly source: Source
  readonly from: number
  readonly to: number
}

/** `mail/new.html.ftl:3:14`: line and column count from 1. */
export function placeOf({ source, offset }: At): string {
  if (source.place !== undefined) return source.place
  const before = source.text.slice(0, offset).split('\n')
  return `${source.file}:${before.length}:${(before.at(-1) ?? '').length + 1}`
}

/** What stands in the way of a template's translation, and where. */
export class Untranslatable extends EcosError {
  readonly at: At
  readonly problem: Problem
  readonly values: Values

  constructor(at: At, problem: Problem, values: Values = {}) {
    super('import-refused', fill(problem, values))
    this.at = at
    this.problem = problem
    this.values = values
  }
}
