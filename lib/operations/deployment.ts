/** A change of a cell's stack, or an attempt at one. */
export interface Deployment {
  /** When it began and ended (ISO 8601); no end while it is under way. */
  readonly at: string
  readonly until?: string
  readonly outcome: 'under-way' | 'done' | 'rolled-back' | 'failed'
}
