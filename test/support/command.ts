import { execFile } from 'node:child_process'
import { cloudEnvironment } from '../../local/cloud.ts'

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command on the local AWS, as an operator does. */
export function command(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<CommandResult> {
  const cloud = cloudEnvironment(String(process.env['AWS_ENDPOINT_URL']))
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['bin/main.ts', ...args],
      { env: { ...process.env, ...cloud, ...env, NODE_OPTIONS: '' } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}
