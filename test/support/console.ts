import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { cloudEnvironment } from '../../local/cloud.ts'

export interface RunningConsole {
  /** The address with its token. */
  readonly url: string
  readonly origin: string
  /** @returns its exit code */
  stop(): Promise<number>
}

/** Runs `ecos-eventbridge console` as an operator does, on a port that is free. */
export function runConsole(awsEndpoint: string, ...options: string[]): Promise<RunningConsole> {
  return runConsoleWith({}, awsEndpoint, ...options)
}

/** @param variables of its environment */
export async function runConsoleWith(
  variables: Readonly<Record<string, string>>,
  awsEndpoint: string,
  ...options: string[]
): Promise<RunningConsole> {
  const env = {
    ...process.env,
    ...cloudEnvironment(awsEndpoint),
    NODE_OPTIONS: '',
    TENANTS_FILE: 'test/fixtures/tenants.yml',
    ...variables,
  }
  const args = ['bin/main.ts', 'console', '--port', '0', '--cell', 'main', ...options]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Console (\S+)$/.exec(line)?.[1]
    if (url === undefined) continue
    return {
      url,
      origin: new URL(url).origin,
      async stop() {
        child.kill('SIGTERM')
        const [code] = await exited
        return Number(code)
      },
    }
  }
  throw new Error('The console ended before it printed its address')
}
