import type * as z from 'zod'
import { EcosError } from './errors.ts'

/**
 * Reads settings from environment variables, once, at the edge.
 *
 * @throws EcosError `missing-variable` or `invalid-variable`, naming every variable at fault
 */
export function readEnvironment<Settings extends z.ZodObject>(
  settings: Settings,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<Settings> {
  const names = Object.keys(settings.shape)
  // A shell or a template sets an empty variable where it has no value.
  const given = Object.fromEntries(
    names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  )
  // Compiling a parser would take longer than what is parsed once.
  const parsed = settings.safeParse(given, { jitless: true })
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => ({
    name: String(issue.path[0]),
    problem: issue.message,
  }))
  const missing = faults.filter(({ name }) => given[name] === undefined)
  if (missing.length > 0) {
    const list = missing.map(({ name }) => name).join(', ')
    throw new EcosError('missing-variable', `Missing environment variables: ${list}`)
  }
  const list = faults.map(({ name, problem }) => `${name} (${problem})`).join(', ')
  throw new EcosError('invalid-variable', `Invalid environment variables: ${list}`)
}
