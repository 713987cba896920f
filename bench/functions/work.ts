import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { itemOf } from '../../lib/aws/tables/subscriptions-items.ts'
import { sampleData } from '../../lib/events/catalogue.ts'
import { encodeEvent } from '../../lib/notifications/event-message.ts'
import {
  encodeQueued,
  notificationId,
  type QueuedNotification,
} from '../../lib/notifications/notification.ts'
import { startAwsStub } from './aws-stub.ts'
import { environment } from './environment.ts'

/** What a function does for a notification, with a stub of AWS that answers each call after a while. */
export interface Work {
  readonly function: string
  /** Milliseconds after which AWS answers. */
  readonly latency: number
  /** Messages in an invocation; each is a notification, or an event with two. */
  readonly batch: number
  /** Milliseconds of CPU: of the start, of the first invocation, and of a notification in a warm function. */
  readonly startCpu: number
  readonly firstCpu: number
  readonly cpuEach: number
  /** Milliseconds of a warm invocation. */
  readonly milliseconds: number
  /** Calls of AWS for a notification, by operation. */
  readonly calls: Readonly<Record<string, number>>
}

export interface WorkPlan {
  readonly latency: number
  readonly batch: number
  /** Warm invocations. */
  readonly rounds: number
}

const tenant = 'local-ecos'

/** Two people are told of each event of the handler. */
export function measureHandler(plan: WorkPlan): Promise<Work> {
  const people = ['ivanov', 'petrov']
  return measure('on-task-create', plan, {
    perMessage: people.length,
    body: (id) =>
      encodeEvent(
        {
          ...{ tenant, eventType: 'task.create', eventId: id },
          data: { ...sampleData('task.create'), taskInstanceId: id, taskPooledActors: people },
        },
        {},
      ),
    find: (_, { subscriber, eventType }) => {
      const username = people.find((name) => subscriber === `${tenant}#${name}`)
      if (username === undefined || eventType !== 'task.assign') return undefined
      return itemOf({ tenant, username, eventType }, [
        { channel: 'email', address: `${username}@acme.example` },
      ])
    },
  })
}

/** Mails over SMTP, to a real server. */
export async function measureMailSender(plan: WorkPlan): Promise<Work> {
  const mails = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _, done) => void stream.on('end', () => done()).resume(),
  })
  const listening = mails.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  const known = new Map<unknown, object>()
  try {
    return await measure('send-email', plan, {
      secret: `smtp://127.0.0.1:${port}`,
      perMessage: 1,
      body(id) {
        const queued = mail(id)
        const { notificationId: key } = queued
        const subject = { subject: id, username: 'petrov' }
        const state = { state: 'WAIT_FOR_DISPATCH', deliveries: [], attempts: 0, resend: 0 }
        known.set(`notification#${key}`, { ...queued, ...subject, ...state })
        return encodeQueued(queued)
      },
      find: (_, { entry }) => known.get(entry) as Record<string, unknown> | undefined,
    })
  } finally {
    await new Promise<void>((done) => mails.close(done))
  }
}

function mail(eventId: string): QueuedNotification {
  const channel = 'email' as const
  const address = 'petrov@acme.example'
  const about = { tenant, eventType: 'task.create', eventId, channel, address }
  const content = { title: 'A task', text: 'A text', html: '<p>A text</p>', locale: 'en' }
  return {
    ...about,
    ...content,
    notificationId: notificationId({ ...about, username: 'petrov' }),
    customData: {},
    queuedAt: new Date().toISOString(),
    resend: 0,
  }
}

interface Load {
  /** Notifications of a message. */
  readonly perMessage: number
  readonly secret?: string
  body(id: string): string
  find: Parameters<typeof startAwsStub>[0]['find']
}

async function measure(name: string, plan: WorkPlan, load: Load): Promise<Work> {
  const { latency, batch, rounds } = plan
  const aws = await startAwsStub(load, load.secret ?? '-', latency)
  const child = fork('bench/functions/invoked.ts', [resolve('dist/functions', name, 'index.mjs')], {
    env: {
      ...process.env,
      ...environment,
      ...queueUrlsAt(aws.url),
      DELIVERIES_PER_SECOND: '10000',
      POWERTOOLS_LOG_LEVEL: 'WARN',
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let count = 0
  const invoke = async (): Promise<{ cpu: number; milliseconds: number; failed: number }> => {
    const Records = Array.from({ length: batch }, () => recordOf(load.body(`event-${count++}`)))
    child.send({ Records })
    const [report] = await once(child, 'message')
    if (report.failed > 0) throw new Error(`${name}: ${report.failed} messages failed`)
    return report
  }
  try {
    const [{ cpu: startCpu }] = await once(child, 'message')
    const first = await invoke()
    // V8 optimizes what is used often.
    for (let round = 0; round < rounds; round += 1) await invoke()
    const before = new Map(aws.calls)
    const warm: { cpu: number; milliseconds: number }[] = []
    for (let round = 0; round < rounds; round += 1) warm.push(await invoke())
    const notifications = rounds * batch * load.perMessage
    const calls = [...aws.calls].map(([operation, number]) => {
      const each = (number - (before.get(operation) ?? 0)) / notifications
      return [operation, Number(each.toFixed(2))] as const
    })
    return {
      ...{ function: name, latency, batch, startCpu },
      firstCpu: first.cpu,
      cpuEach: warm.reduce((sum, { cpu }) => sum + cpu, 0) / notifications,
      milliseconds: warm.map((one) => one.milliseconds).sort((a, b) => a - b)[rounds >> 1] ?? 0,
      calls: Object.fromEntries(calls.filter(([, each]) => each > 0)),
    }
  } finally {
    child.kill()
    aws.close()
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
