import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { holdCpu, shareOf } from '../stack/cpu-share.ts'
import { type AwsStub, type Stored, startAwsStub } from './aws-stub.ts'
import { environment } from './environment.ts'

/** What a function does for a notification, with stubs that answer each call after a while. */
export interface Work {
  readonly function: string
  /** Milliseconds after which AWS and the provider answer. */
  readonly latency: number
  /** Messages in an invocation; each is a notification, or an event with two. */
  readonly batch: number
  /** Milliseconds of CPU: of the start, of the first invocation, and of a notification in a warm function. */
  readonly startCpu: number
  readonly firstCpu: number
  readonly cpuEach: number
  /** Milliseconds of a warm invocation with a whole core. */
  readonly milliseconds: number
  /** Of one copy that is held to the deployed share of a core, one invocation after another. */
  readonly perSecond: number
  /** Calls of AWS for a notification, by operation. */
  readonly calls: Readonly<Record<string, number>>
  /** New connections to the provider for a notification. */
  readonly connections: number
}

export interface WorkPlan {
  readonly latency: number
  readonly batch: number
  /** Warm invocations. */
  readonly rounds: number
}

/** What a function is fed with, and what it finds. */
export interface Load extends Stored {
  /** Notifications of a message. */
  readonly perMessage: number
  readonly secret?: string
  readonly environment?: Readonly<Record<string, string>>
  /** The body of a message. */
  body(id: string): string
  /** Connections to the provider so far. */
  connections?(): number
}

/** Of every queue-fed function (lib/tenants/template/queue-function.ts). */
export const megabytes = 256

interface Invocation {
  readonly cpu: number
  readonly milliseconds: number
}

/** Invokes a function one time after another: as it starts, warm, and warm with its share of a core. */
export async function measureWork(name: string, plan: WorkPlan, load: Load): Promise<Work> {
  const { latency, batch, rounds } = plan
  const aws = await startAwsStub(load, load.secret ?? '-', latency)
  const copy = startCopy(name, aws, load)
  let count = 0
  const invoke = (): Promise<Invocation> =>
    copy.invoke(Array.from({ length: batch }, () => load.body(`event-${count++}`)))
  const invokeOften = async () => {
    const all: Invocation[] = []
    for (let round = 0; round < rounds; round += 1) all.push(await invoke())
    return all
  }
  const notifications = rounds * batch * load.perMessage
  try {
    const startCpu = await copy.started
    const first = await invoke()
    // V8 optimizes what is used often.
    await invokeOften()
    const before = new Map(aws.calls)
    const connectedBefore = load.connections?.() ?? 0
    const warm = await invokeOften()
    const connected = (load.connections?.() ?? 0) - connectedBefore
    const calls = [...aws.calls].map(([operation, number]) => {
      const each = (number - (before.get(operation) ?? 0)) / notifications
      return [operation, Number(each.toFixed(2))] as const
    })
    const held = holdCpu(shareOf(megabytes), () => [copy.pid])
    const from = performance.now()
    await invokeOften()
    const seconds = (performance.now() - from) / 1000
    await held.end()
    return {
      ...{ function: name, latency, batch, startCpu },
      firstCpu: first.cpu,
      cpuEach: warm.reduce((sum, { cpu }) => sum + cpu, 0) / notifications,
      milliseconds: warm.map((one) => one.milliseconds).sort((a, b) => a - b)[rounds >> 1] ?? 0,
      perSecond: notifications / seconds,
      calls: Object.fromEntries(calls.filter(([, each]) => each > 0)),
      connections: connected / notifications,
    }
  } finally {
    copy.end()
    aws.close()
  }
}

/** A process that runs the function's bundle. */
function startCopy(name: string, aws: AwsStub, { environment: own }: Load) {
  const child = fork('bench/functions/invoked.ts', [resolve('dist/functions', name, 'index.mjs')], {
    env: {
      ...process.env,
      ...environment,
      ...queueUrlsAt(aws.url),
      DELIVERIES_PER_SECOND: '10000',
      // The tenants of the file.
      TENANTS_TABLE: '',
      POWERTOOLS_LOG_LEVEL: 'WARN',
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      ...own,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then((): never => {
    throw new Error(`${name} ended early: see above`)
  })
  ended.catch(() => undefined)
  const report = async () => {
    const [message] = await Promise.race([once(child, 'message'), ended])
    return message
  }
  return {
    pid: child.pid as number,
    /** Milliseconds of CPU. */
    started: report().then(({ cpu }): number => cpu),
    async invoke(bodies: readonly string[]): Promise<Invocation> {
      const reported = report()
      child.send({ Records: bodies.map(recordOf) })
      const { failed, ...invocation } = await reported
      if (failed === 0) return invocation
      throw new Error(`${name}: ${failed} messages failed`)
    },
    end: () => child.disconnect(),
  }
}

/** SQS's client calls the host of a queue's URL. */
function queueUrlsAt(url: string): Record<string, string> {
  const names = Object.keys(environment).filter((name) => name.endsWith('QUEUE_URL'))
  return Object.fromEntries(
    names.map((name) => [name, `${url}/000000000000/${name.toLowerCase()}`]),
  )
}

function recordOf(body: string) {
  const attributes = { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) }
  return { messageId: body.slice(0, 40), receiptHandle: 'bench', body, attributes }
}
