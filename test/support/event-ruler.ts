import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** The folder of Event Ruler's jars, which `npm test` installs. */
export const eventRuler = process.env['EVENT_RULER']

const classes = `${eventRuler}/classes`
let compiled: Promise<unknown> | undefined

/** @returns for each event the names of the rules whose pattern matches it, by Event Ruler */
export async function matchesOf(
  rules: Readonly<Record<string, object>>,
  events: readonly object[],
): Promise<string[][]> {
  compiled ??= compile()
  await compiled
  return new Promise((resolve, reject) => {
    const java = execFile(
      'java',
      ['-cp', `${eventRuler}/*:${classes}`, 'RulerMatches'],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => (error ? reject(error) : resolve(JSON.parse(stdout))),
    )
    java.stdin?.end(JSON.stringify({ rules, events }))
  })
}

function compile(): Promise<unknown> {
  const program = join(import.meta.dirname, 'java', 'RulerMatches.java')
  return promisify(execFile)('javac', ['-cp', `${eventRuler}/*`, '-d', classes, program])
}
