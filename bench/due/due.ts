import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import pLimit from 'p-limit'
import { createKept } from '../../lib/aws/payloads.ts'
import { createNotificationStore } from '../../lib/aws/tables/notifications-table.ts'
import { itemOf } from '../../lib/aws/tables/subscriptions-items.ts'
import { chunks } from '../../lib/chunks.ts'
import { notificationId } from '../../lib/notifications/notification.ts'
import type { Stack } from '../../local/stack.ts'
import { holdCpu } from '../stack/cpu-share.ts'
import { readQueuedMails } from '../stack/queued-mails.ts'

/** Lambda's memory of one vCPU, which due-notifications has: its share of a core. */
const share = 1

export interface DuePlan {
  readonly people: number
  /** Notifications in each person's digest. */
  readonly members: number
  /** Seconds after which the measurement ends. */
  readonly patience: number
}

export interface Due {
  readonly digests: number
  readonly members: number
  readonly told: number
  readonly repeated: number
  /** From the moment at which all are due until the last is queued. */
  readonly seconds: number
  /** Seconds until the schedule's first run queued something. */
  readonly firstAfter: number
  readonly cpuMillisecondsEach: number
}

/** So many people's digests, all due at the same moment; the schedule of the deployed function does the rest. */
export async function measureDue(
  stack: Stack,
  plan: DuePlan,
  print: (line: string) => void,
): Promise<Due> {
  const tenant = `d-${randomUUID()}`
  const writing = Date.now()
  const hold = holding(stack, tenant, plan)
  await hold.prepare(print)
  // To store them takes less time than their contents took.
  const took = Date.now() - writing
  const due = new Date(Math.ceil((Date.now() + took) / 60_000) * 60_000)
  print(`Prepared in ${Math.round(took / 1000)} s; due at ${due.toISOString()}`)
  await hold.store(due)
  if (Date.now() > due.getTime()) throw new Error('They were due before all of them were stored')
  const queued = await countQueued(stack, tenant)
  const cpu = holdCpu(share)
  try {
    await sleep(due.getTime() - Date.now())
    const before = cpu.cpuSeconds()
    const end = Date.now() + plan.patience * 1000
    for (let at = 0; queued.times.size < plan.people && Date.now() < end; at += 1) {
      await sleep(500)
      if (at % 20 === 0) print(`${queued.times.size} of ${plan.people} digests`)
    }
    const cpuSeconds = cpu.cpuSeconds() - before
    await sleep(5_000)
    const times = [...queued.times.values()]
    const secondsTo = (time: number) => (time - due.getTime()) / 1000
    return {
      digests: plan.people,
      members: plan.members,
      told: times.length,
      repeated: queued.repeated(),
      seconds: secondsTo(Math.max(...times)),
      firstAfter: secondsTo(Math.min(...times)),
      cpuMillisecondsEach: (cpuSeconds * 1000) / Math.max(1, times.length),
    }
  } finally {
    await cpu.end()
    await queued.end()
  }
}

export function tableOf(all: readonly Due[]): string {
  const rows = all.map((one) =>
    [
      one.digests,
      one.members,
      one.told,
      one.repeated,
      `${one.firstAfter.toFixed(0)} s`,
      `${one.seconds.toFixed(0)} s`,
      `${one.cpuMillisecondsEach.toFixed(2)} ms`,
    ].join(' | '),
  )
  return [
    '| digests | notifications in each | queued | twice | the first after | the last after | CPU for each |',
    '| ------: | --------------------: | -----: | ----: | --------------: | -------------: | -----------: |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

/** People with subscriptions, and their held notifications. */
function holding({ cloud, deployment }: Stack, tenant: string, { people, members }: DuePlan) {
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  const store = createNotificationStore(String(deployment['NotificationsTableName']), client)
  const kept = createKept(String(deployment['PayloadBucketName']), cloud.s3)
  const subscriptions = String(deployment['SubscriptionsTableName'])
  const limit = pLimit(24)
  const usernames = Array.from({ length: people }, (_, at) => `user-${at}`)
  const addressOf = (username: string) => `${username}@corp.example`
  const all = usernames.flatMap((username) =>
    Array.from({ length: members }, (_, at) => {
      const event = { tenant, eventType: 'task.assign', eventId: `${username}-${at}` }
      const place = { username, channel: 'email' as const, address: addressOf(username) }
      return { ...event, ...place, notificationId: notificationId({ ...event, ...place }) }
    }),
  )
  return {
    async prepare(print: (line: string) => void) {
      for (const some of chunks(usernames, 25)) {
        const puts = some.map((username) => {
          const actions = [{ channel: 'email' as const, address: addressOf(username) }]
          const Item = itemOf({ tenant, username, eventType: 'task.assign' }, actions)
          return { PutRequest: { Item } }
        })
        await client.send(new BatchWriteCommand({ RequestItems: { [subscriptions]: puts } }))
      }
      print('Subscribed')
      const keep = ({ username: _, ...one }: (typeof all)[number]) =>
        kept.keep({ ...one, ...content, queuedAt: new Date().toISOString(), resend: 0 })
      await Promise.all(all.map((one) => limit(() => keep(one))))
    },
    async store(due: Date) {
      const initial = {
        state: 'WAIT_FOR_DISPATCH',
        heldUntil: due.toISOString(),
        digest: true,
      } as const
      for (const some of chunks(all, 500)) {
        const stored = await store.addAll(some.map((notification) => ({ notification, initial })))
        if (stored.includes(undefined)) throw new Error('Not every notification was stored')
      }
    },
  }
}

/** As large as the built-in templates make it. */
const content = {
  title: 'Новая задача: согласовать договор поставки № 8/2026',
  text: 'Договор поставки № 8/2026\n\nОт кого: Иванов Иван\nСрок: 1 декабря 2026\n'.repeat(3),
  html: `<!doctype html>${'<p style="margin:0 0 24px">Договор поставки № 8/2026</p>'.repeat(40)}`,
  locale: 'ru',
  customData: {},
}

/** When each digest was first queued, and how many came again. */
async function countQueued(stack: Stack, tenant: string) {
  const times = new Map<string, number>()
  let repeated = 0
  const { end } = await readQueuedMails(stack, (mail, sentAt) => {
    if (mail.tenant !== tenant) return
    if (times.has(mail.notificationId)) repeated += 1
    else times.set(mail.notificationId, sentAt)
  })
  return { times, repeated: () => repeated, end }
}
