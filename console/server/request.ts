import * as z from 'zod'
import { EcosError } from '../../lib/errors.ts'
import { fieldsAtFault } from '../../lib/parse.ts'

/** A field of a request that a person typed. */
export const typed = (max: number) => z.string().trim().min(1).max(max)

export const tenantId = typed(200)

/** @throws EcosError `invalid-request`, naming the fields at fault */
export function parse<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new EcosError('invalid-request', `Invalid request: ${fieldsAtFault(parsed.error)}`)
}
