import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './commands.ts'
import type { Context } from './context.ts'
import { inStep } from './progress.ts'

/** The last release of the original Serverless Framework 3, beside which osls must package the same template. */
const release = 'serverless@3.40.0'

/**
 * Installs it into the state folder, where it is kept. It is no dependency: with its own it takes 250 MB.
 *
 * @returns its program for Node; undefined if it can't be installed
 */
export async function installServerless3(context: Context): Promise<string | undefined> {
  const folder = join(context.stateDir, release)
  const program = join(folder, 'node_modules', 'serverless', 'bin', 'serverless.js')
  if (existsSync(program)) return program
  const args = ['install', '--no-audit', '--no-fund', '--no-save', '--prefix', folder, release]
  const logFile = join(context.stateDir, 'logs', 'serverless-3.log')
  try {
    await inStep(context.onProgress, `Installing ${release}`, () =>
      run('npm', args, { logFile, signal: context.signal }),
    )
  } catch {
    return undefined
  }
  return existsSync(program) ? program : undefined
}
