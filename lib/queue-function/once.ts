import type { Context } from 'aws-lambda'

/**
 * Does the work for a key unless it was done to its end before. Work that fails leaves no trace, so
 * that the next try does it again; so may the next do whose invocation dies, once its time is over.
 *
 * @returns what the work returns, or `duplicate` where it was done before
 * @throws what the work throws; EcosError `under-way` while another invocation is at it
 */
export type Once = <Outcome extends string>(
  key: readonly string[],
  context: Context,
  work: () => Promise<Outcome>,
) => Promise<Outcome | 'duplicate'>

/** Where nothing is remembered: what comes twice is done twice. */
export const everyTime: Once = (_key, _context, work) => work()
