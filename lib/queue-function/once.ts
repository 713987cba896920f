import type { Context } from 'aws-lambda'

/**
 * Runs the work for a key unless it has completed before. Failed work leaves no trace, so the next try
 * runs it again; after an invocation that dies, the key is free again once that invocation's deadline
 * has passed.
 *
 * @returns the work's result, or `duplicate` if it completed before
 * @throws whatever the work throws; EcosError `under-way` while another invocation holds the key
 */
export type Once = <Outcome extends string>(
  key: readonly string[],
  context: Context,
  work: () => Promise<Outcome>,
) => Promise<Outcome | 'duplicate'>

/** Remembers nothing: a message that comes twice is handled twice. */
export const everyTime: Once = (_key, _context, work) => work()
