import * as z from 'zod'
import { readEnvironment } from '../../lib/config.ts'

// A parser that zod compiles pays off after thousands of values of its kind. Lambda's processes rarely see as many, and
// compiling takes a tenth of their first invocation.
z.config({ jitless: true })

/**
 * Reads a function's settings from its environment variables.
 *
 * @throws EcosError `missing-variable` or `invalid-variable`, naming every variable at fault
 */
export function readSettings<Settings extends z.ZodObject>(settings: Settings): z.infer<Settings> {
  return readEnvironment(settings, process.env)
}
