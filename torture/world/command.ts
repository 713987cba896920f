import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { World } from './world.ts'

/**
 * Runs a command of the product as an operator does. One that meets another fault may fail, and says so.
 *
 * @returns its exit code
 */
export async function runCommand(
  { commands }: Pick<World, 'commands'>,
  ...args: readonly string[]
): Promise<number> {
  const env = { PATH: process.env['PATH'], ...commands }
  try {
    await promisify(execFile)(process.execPath, ['bin/ecos-eventbridge.mjs', ...args], {
      ...{ env, timeout: 120_000 },
    })
    return 0
  } catch (error) {
    const { stderr, code } = error as { readonly stderr?: string; readonly code?: unknown }
    process.stdout.write(`${args.join(' ')}: ${stderr || error}\n`)
    return typeof code === 'number' ? code : 1
  }
}
