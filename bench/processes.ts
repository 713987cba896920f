import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { EcosError } from '../lib/errors.ts'
import type { Contender } from './contenders.ts'
import type { Cost, Job } from './job.ts'

/** The folder of the contenders, bundled like the functions. */
export const bundles = '.local/bench'

export interface Stub {
  readonly url: string
  readonly latency: number
  stop(): void
}

/** Starts a stub of PutEvents that takes `latency` milliseconds for each call. */
export async function startStub(latency: number): Promise<Stub> {
  const child = fork('bench/stub.ts', [String(latency)])
  const port = await messageOf<number>(child, 'The stub')
  return { url: `http://127.0.0.1:${port}`, latency, stop: () => child.disconnect() }
}

/** Runs a contender to its end; its errors are shown, its logs are not. */
export async function runContender({ file, nodeOptions = [] }: Contender, job: Job): Promise<Cost> {
  const child = fork(join(bundles, `${file}.mjs`), [JSON.stringify(job)], {
    env: { ...process.env, ...environmentOf(job) },
    execArgv: [...nodeOptions],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return messageOf<Cost>(child, `The contender ${file}`)
}

function environmentOf({ stubUrl }: Job): Record<string, string> {
  return {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_EVENTBRIDGE: stubUrl,
  }
}

/** Waits for the child's message. */
export function messageOf<Message>(child: ChildProcess, name: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Message))
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      reject(new EcosError('contender-failed', `${name} ended early (${signal ?? code})`))
    })
  })
}
