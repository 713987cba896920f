import { resolve } from 'node:path'
import { messageOf } from '../../lib/errors.ts'
import { type Stack, withStack } from '../../local/stack.ts'
import { createTerminal } from '../../local/terminal.ts'

/** Runs a measurement on a local stack of its own, and prints its table. */
export async function runOnStack(
  measure: (stack: Stack, print: (line: string) => void) => Promise<string>,
): Promise<void> {
  const terminal = createTerminal()
  try {
    const options = {
      stateDir: resolve('.local'),
      onProgress: terminal.onProgress,
      cell: 'main',
      tenantsFile: 'test/fixtures/tenants.yml',
    }
    const table = await withStack(options, (stack) => measure(stack, terminal.print))
    terminal.print(`\n${table}`)
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`)
    process.exitCode = 1
  } finally {
    terminal.close()
  }
}
