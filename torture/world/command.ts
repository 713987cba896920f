import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { World } from './world.ts'

/** Runs a command of the product as an operator does. One that meets another fault may fail. */
export async function runCommand(
  { commands }: Pick<World, 'commands'>,
  ...args: readonly string[]
): Promise<void> {
  const env = { PATH: process.env['PATH'], ...commands }
  await promisify(execFile)(process.execPath, ['bin/ecos-eventbridge.mjs', ...args], {
    ...{ env, timeout: 120_000 },
  }).catch((error) => process.stdout.write(`${args.join(' ')}: ${error.stderr || error}\n`))
}
