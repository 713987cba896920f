import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
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
export async function runContender(contender: Contender, job: Job): Promise<Cost> {
  return messageOf<Cost>(startContender(contender, job), `The contender ${contender.file}`)
}

/** Starts the process of a contender. */
export function startContender(
  { file, nodeOptions = [] }: Pick<Contender, 'file' | 'nodeOptions'>,
  job: Job,
): ChildProcess {
  return fork(join(bundles, `${file}.mjs`), [JSON.stringify(job)], {
    env: { ...process.env, ...environmentOf(job) },
    execArgv: [...nodeOptions],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

/** The environment in which a bridge sends its events to the stub. */
export function environmentOf({ stubUrl }: Pick<Job, 'stubUrl'>): Record<string, string> {
  return {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_EVENTBRIDGE: stubUrl,
  }
}

/** Waits for the child's message. */
export async function messageOf<Message>(child: ChildProcess, name: string): Promise<Message> {
  const settled = new AbortController()
  const { signal } = settled
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as Message),
      once(child, 'exit', { signal }).then(([code, end]) => {
        throw endedEarly(name, end ?? code)
      }),
    ])
  } finally {
    settled.abort()
  }
}

/** Sends the child a message and waits for its answer: one at a time. */
export function ask<Answer>(child: ChildProcess, name: string, message: string): Promise<Answer> {
  if (!child.connected) return Promise.reject(endedEarly(name, child.signalCode ?? child.exitCode))
  // That it ends before it has the message is seen by its exit.
  child.send(message, () => undefined)
  return messageOf<Answer>(child, name)
}

function endedEarly(name: string, end: unknown): EcosError {
  return new EcosError('contender-failed', `${name} ended early (${end})`)
}
