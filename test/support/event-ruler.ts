import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** The folder of Event Ruler's jars, which `npm test` installs. */
export const eventRuler = process.env['EVENT_RULER']

/** @returns for each event the names of the rules whose pattern matches it, by Event Ruler */
export function matchesOf(
  rules: Readonly<Record<string, object>>,
  events: readonly object[],
): Promise<string[][]> {
  const program = join(import.meta.dirname, 'java', 'RulerMatches.java')
  return new Promise((resolve, reject) => {
    const java = execFile(
      'java',
      ['-cp', `${eventRuler}/*`, program],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => (error ? reject(error) : resolve(JSON.parse(stdout))),
    )
    java.stdin?.end(JSON.stringify({ rules, events }))
  })
}
