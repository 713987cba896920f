/** A change of a cell's stack, or an attempt at one. */
export interface Deployment {
  /** When it began and ended (ISO 8601); no end while it is under way. */
  readonly at: string
  readonly until?: string
  readonly outcome: 'under-way' | 'done' | 'rolled-back' | 'failed'
  /** Resources that it has made, changed or removed, by their names in the template; the first ones. */
  readonly changed?: { readonly count: number; readonly names: readonly string[] }
}
