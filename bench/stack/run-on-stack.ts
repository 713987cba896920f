import { loadavg } from 'node:os'
import { resolve } from 'node:path'
import { messageOf } from '../../lib/errors.ts'
import { type Stack, type StackOptions, withStack } from '../../local/stack.ts'
import { createTerminal } from '../../local/terminal.ts'
import { commit } from '../results.ts'

/** Runs a measurement on a local stack of its own, and prints its table with the commit and the machine's load. */
export async function runOnStack(
  measure: (stack: Stack, print: (line: string) => void) => Promise<string>,
  more: Partial<StackOptions> = {},
): Promise<void> {
  const measured = await commit()
  const terminal = createTerminal()
  try {
    const options = {
      stateDir: resolve('.local'),
      onProgress: terminal.onProgress,
      cell: 'main',
      tenantsFile: 'test/fixtures/tenants.yml',
      ...more,
    }
    const table = await withStack(options, (stack) => measure(stack, terminal.print))
    const load = loadavg()[1]?.toFixed(1)
    terminal.print(`\n${table}\n\nAt commit ${measured}, at a load of ${load} over five minutes.`)
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`)
    process.exitCode = 1
  } finally {
    terminal.close()
  }
}
