import { gzipSync } from 'node:zlib'
import { encode } from 'cborg'
import { uuidOf } from './marks.ts'
import { crowd, events2, people, subscribers, type Type, tenants, types } from './people.ts'
import type { Random } from './random.ts'

/** How the way of a message has to end, whatever happens meanwhile. */
export type Expected =
  /** These people are told; without people, or with people who have no addresses, it is recorded. */
  | { readonly end: 'handled'; readonly people: readonly string[] }
  | { readonly end: 'quarantined'; readonly reason: string }
  | { readonly end: 'dead-lettered'; readonly code: string }
  /** In the dead-letter queue at the broker. */
  | { readonly end: 'set-aside-by-broker'; readonly reason: string }

export interface PlannedMessage {
  /** Unique in the run. It is in the body, and comes out in every notification. */
  readonly mark: string
  /** Milliseconds from the start of the load. */
  readonly at: number
  readonly tenant: string
  readonly type: string
  /** Of ECOS, to which it is published; the tenant's own by default. */
  readonly exchange?: string
  readonly routingKey: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly contentEncoding?: string
  /** Bytes that are added to a good body. */
  readonly size: number
  readonly expected: Expected
  body(): Buffer
}

export function planMessage(random: Random, mark: string, at: number): PlannedMessage {
  const message = { mark, at, tenant: random.pick(tenants) }
  if (random.chance(0.08)) return { ...message, ...planEvent2(mark) }
  if (random.chance(0.1)) return { ...message, ...planBad(random, mark) }
  const type = random.pick(types)
  const data = planData(random, type, mark)
  const size = planSize(random)
  const isPacked = random.chance(0.1)
  const body = () => {
    const text = Buffer.from(JSON.stringify({ data: { ...data.fields, filler: filler(size) } }))
    return isPacked ? gzipSync(text) : text
  }
  return {
    ...message,
    type,
    routingKey: type,
    headers: random.chance(0.1) ? hostileHeaders : {},
    ...(isPacked && { contentEncoding: 'gzip' }),
    size,
    expected: { end: 'handled', people: data.people },
    body,
  }
}

/** An event 2.0, as ECOS's Java services send it to a target. */
function planEvent2(mark: string) {
  const { tenant, type, exchange, target } = events2
  const attributes = { 'record?id': `emodel/contract@${mark}`, 'record?disp': mark }
  const source = { source: 'emodel', appName: 'emodel', appInstanceId: 'emodel-1' }
  const about = { id: uuidOf(mark), type, time: '2026-03-01T09:00:00Z', user: 'author' }
  const expected = { end: 'handled', people: ['hooker'] } as const
  return {
    ...{ tenant, type, exchange, routingKey: target, headers: {}, size: 0, expected },
    body: () => gzipSync(encode({ ...about, source, attributes })),
  }
}

function planData(random: Random, type: Type, mark: string) {
  const common = {
    id: mark,
    type,
    docId: `workspace://SpacesStore/${mark}`,
    createdDate: 1_790_000_000_000,
    // A body never decides whose event it is.
    ...(random.chance(0.1) && { tenant: random.pick(tenants), tenantId: random.pick(tenants) }),
  }
  const subscriber = subscribers[type]
  if (subscriber !== undefined) {
    const fields = type === 'comment.added' ? { textAfter: mark, author: 'author' } : recordOf(mark)
    return { fields: { ...common, ...fields }, people: [subscriber] }
  }
  const task = { ...common, taskTitle: mark, taskInstanceId: `task$${mark}` }
  const named = random.shuffle(people).slice(0, random.int(0, 2))
  if (type === 'task.assign') {
    const [assignee = null] = named
    return { fields: { ...task, assignee }, people: assignee === null ? [] : [assignee] }
  }
  const spelled = named.flatMap((name) => (random.chance(0.2) ? [name, ` ${name} `] : [name]))
  return { fields: { ...task, taskPooledUsers: spelled }, people: named }
}

function recordOf(mark: string) {
  return { user: 'author', attributes: { title: mark, before: 'A', after: { ru: 'Б', en: 'B' } } }
}

/** Mostly small; some beyond what the bus and SQS take, up to 3 MB. */
function planSize(random: Random): number {
  const chance = random.next()
  if (chance < 0.8) return random.int(0, 4_000)
  if (chance < 0.95) return random.int(20_000, 200_000)
  return random.int(300_000, 3_000_000)
}

function filler(size: number): string {
  return 'ё'.repeat(size / 2)
}

const hostileHeaders = {
  'x-death': [{ queue: 'tenant.alder.eventbridge', count: 99 }],
  'tenant-id': 'alder',
  'x-delivery-count': 4_294_967_295,
  traceparent: '00-zz-not-a-trace',
  __proto__x: { deep: { deeper: [1, null, true] } },
}

/** A message that may not pass: each with where it has to rest. */
function planBad(random: Random, mark: string) {
  const event = { data: { id: mark, type: 'task.create', taskTitle: mark } }
  const quarantined = (reason: string, body: Buffer | string, more: object = {}) => ({
    ...{ type: 'task.create', routingKey: 'task.create', headers: {}, size: 0, ...more },
    expected: { end: 'quarantined', reason } as const,
    body: () => Buffer.from(body),
  })
  const broken = Buffer.from(
    `{"data":{"id":"${mark}","type":"task.create","title":"\xff"}}`,
    'latin1',
  )
  return random.pick([
    quarantined('not-json', `{data={id=${mark}}}`),
    quarantined('not-an-event', JSON.stringify([mark])),
    quarantined('no-type', JSON.stringify({ data: { id: mark } })),
    quarantined('unknown-type', JSON.stringify({ data: { id: mark, type: 'task.crate' } })),
    quarantined('type-mismatch', JSON.stringify({ data: { id: mark, type: 'task.assign' } })),
    quarantined('not-utf8', broken),
    quarantined('too-deep', `{"data":{"id":"${mark}","type":"task.create","x":${nested(1_100)}}}`),
    quarantined('broken-encoding', JSON.stringify(event), { contentEncoding: 'gzip' }),
    {
      ...quarantined('', JSON.stringify({ data: { ...event.data, taskPooledUsers: 'nobody' } })),
      expected: { end: 'dead-lettered', code: 'invalid-event-data' } as const,
    },
  ])
}

/** A task for more people than are told at once. */
export function planCrowd(random: Random, mark: string, at: number): PlannedMessage {
  const type = 'task.create'
  const data = { id: mark, type, taskTitle: mark, taskInstanceId: `task$${mark}` }
  return {
    ...{ mark, at, type, routingKey: type, tenant: random.pick(tenants), headers: {}, size: 0 },
    expected: { end: 'handled', people: crowd },
    body: () => Buffer.from(JSON.stringify({ data: { ...data, taskPooledUsers: crowd } })),
  }
}

/** A message at which every process dies that reads it. */
export function planKiller(random: Random, mark: string, at: number): PlannedMessage {
  const type = 'task.create'
  const data = { id: mark, type, taskTitle: 'kills-the-process' }
  return {
    ...{ mark, at, type, routingKey: type, tenant: random.pick(tenants), headers: {}, size: 0 },
    expected: { end: 'set-aside-by-broker', reason: 'delivery_limit' },
    body: () => Buffer.from(JSON.stringify({ data })),
  }
}

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels)
}
