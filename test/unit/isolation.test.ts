import { createHmac, hkdfSync } from 'node:crypto'
import type { S3Client } from '@aws-sdk/client-s3'
import { describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import { ownSecret } from '../../lib/aws/channel-secrets.ts'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { endpointPrefix } from '../../lib/aws/tables/endpoint-keys.ts'
import {
  eventKey,
  personKey,
  retriedKey,
  subjectKey,
} from '../../lib/aws/tables/notification-keys.ts'
import { limitKey } from '../../lib/aws/tables/rate-limits-table.ts'
import { keyOf } from '../../lib/aws/tables/subscriptions-items.ts'
import type { IncomingMessage } from '../../lib/bridge/message.ts'
import { placeOfOtherTenant } from '../../lib/bridge/named-tenant.ts'
import type { Bus, BusEntry } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { settleMessage } from '../../lib/bridge/settle-message.ts'
import { endpointKey } from '../../lib/channels/endpoint-key.ts'
import { readOwnLink, signOwnLink } from '../../lib/channels/own-link.ts'
import { parseBusEvent, readData } from '../../lib/events/bus-event.ts'
import { decodeEvent } from '../../lib/events/event.ts'
import { eventFolder } from '../../lib/events/payload-store.ts'
import { sourceOf } from '../../lib/events/source.ts'
import { keptFolderOf } from '../../lib/notifications/kept.ts'
import { scopesOf, tenantFolder } from '../../lib/notifications/templates/paths.ts'
import { escapeTenant } from '../../lib/tenant-name.ts'
import { defaultTarget } from '../../lib/tenants/events-2.ts'
import { bridgeQueue, tenantGroup } from '../../lib/tenants/names.ts'
import { ownPartition, partitionArn, partitionsOf } from '../../lib/tenants/partition.ts'
import { memoryPayloads, silentJournal, silentLog } from '../support/memory.ts'

/** Ids that begin, contain or imitate one another, or hold what names and keys are put together with. */
const tenants = [
  ...['a', 'A', 'a-', 'a-2', 'a.b', 'a_b', 'a#b', 'a#task.create', 'a/', 'a/b', '../a', 'a%23b'],
  ...['_a', '_built-in', '_all', 'own-a', 'p00', 'ecos.a', 'tenant.a.events', '*', 'a*', '?', '{}'],
  ...[
    'Ёлка',
    'Елка',
    'ёлка',
    'a b',
    'a  b',
    ' a',
    'a"b',
    "a'b",
    'a\\',
    '007',
    '7',
    'x'.repeat(200),
  ],
  ...[`${'x'.repeat(199)}y`, '__proto__', 'constructor', 'null', 'notifications', 'events'],
]
const pairs = tenants.flatMap((one) =>
  tenants.filter((other) => other !== one).map((other) => [one, other] as const),
)

/** Of the cell: for webhooks, and for links. */
const secret = Buffer.alloc(32, 1).toString('base64')

describe('what two tenants have', () => {
  const of = { eventType: 'task.create', eventId: '1' } as const
  it.each<[string, (tenant: string) => string]>([
    ['a source', sourceOf],
    ['a queue', bridgeQueue],
    ['a message group', tenantGroup],
    ['a partition of their own', ownPartition],
    ['a folder of templates', tenantFolder],
    ['a secret of a channel', (tenant) => ownSecret('ecos-main/email', tenant)],
    ['a key of a webhook', (tenant) => endpointKey(secret, tenant, 'https://x.example/', 1)],
    ['a rate of a channel', (tenant) => limitKey({ channel: 'email', tenant }).limit],
    ['an application of events 2.0', defaultTarget],
  ])('never has the same name: %s', (_, nameOf) => {
    for (const [one, other] of pairs) expect(nameOf(one)).not.toBe(nameOf(other))
  })

  it.each<[string, (tenant: string) => string]>([
    ['large data', eventFolder],
    ['events', (tenant) => eventKey({ tenant, ...of }).event.replace(/#task\.create#1$/, '#')],
    ['subjects', (tenant) => subjectKey(tenant, '')],
    ['people', (tenant) => keyOf({ tenant, username: '', eventType: 'task.create' }).subscriber],
    ['lists of a person', (tenant) => personKey(tenant, '')],
    ['lists of a state', (tenant) => retriedKey(tenant).replace(/#RETRIED$/, '#')],
    ['kept notifications', keptFolderOf],
    ['generations of keys', endpointPrefix],
    ['rates of an address', (tenant) => limitKey({ channel: 'chat', tenant, chat: '' }).limit],
  ])('is never within what the other has: %s', (_, prefixOf) => {
    for (const [one, other] of pairs) {
      expect(prefixOf(one).startsWith(prefixOf(other))).toBe(false)
    }
  })

  it('is looked up in one’s own folder of templates, and then in those of all', () => {
    for (const [one, other] of pairs) expect(scopesOf(one)).not.toContain(tenantFolder(other))
  })
})

it('a link to a person’s own page is signed for its tenant alone', () => {
  const issuedAt = Math.floor(Date.now() / 1000)
  const of = { purpose: 'page', username: 'smith', issuedAt, eventType: '' } as const
  for (const [one, other] of pairs) {
    const token = signOwnLink(secret, { ...of, tenant: one })
    expect(readOwnLink(secret, token, new Date())).toMatchObject({ link: { tenant: one } })
    // Whoever has the key of a tenant signs for its people, and for nobody else's.
    expect(signatureOf(token)).toBe(macOf(one, token))
    expect(signatureOf(token)).not.toBe(macOf(other, token))
  }
})

const signatureOf = (token: string) => token.slice(token.indexOf('.') + 1)

/** The signature by the key of a tenant, which is made of the cell's secret (HKDF, RFC 5869). */
function macOf(tenant: string, token: string): string {
  const info = JSON.stringify(['ecos-eventbridge own page', tenant])
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64'), '', info, 32))
  return createHmac('sha256', key).update(token.replace(/\..*/, '')).digest('base64url')
}

/** Settles a message of the tenant's queue that names another tenant wherever a message can name one. */
async function bridged(tenant: string, other: string) {
  const entries: BusEntry[] = []
  const reported: unknown[] = []
  const bus: Bus = {
    async put(batch) {
      entries.push(...batch)
      return batch.map(() => ({ status: 'accepted' }))
    },
    async check() {},
  }
  const named = { tenant: other, tenantId: other, tenantid: other, Source: sourceOf(other) }
  const data = { type: 'task.create', id: '1', ...named, resources: [partitionArn('p00')] }
  const message: IncomingMessage = {
    tenant,
    queue: bridgeQueue(tenant),
    exchange: `tenant.${other}.events`,
    routingKey: 'task.create',
    properties: {
      contentType: 'application/json',
      appId: other,
      userId: other,
      headers: { ...named, 'ce-tenantid': other, 'ce-source': sourceOf(other) },
    },
    redelivered: false,
    body: Buffer.from(JSON.stringify({ ...named, source: sourceOf(other), data })),
    acknowledge() {},
    deadLetter() {},
    requeue() {},
  }
  const events = ['task.create']
  const context = {
    publisher: createPublisher(bus),
    quarantine: { store: () => Promise.reject(new Error('not expected')) },
    payloads: memoryPayloads(),
    partitionOf: partitionsOf([{ id: tenant, events, partition: 'own' }], 16),
    log: { ...silentLog, warn: (_: unknown, ...about: unknown[]) => void reported.push(...about) },
    journal: silentJournal,
  }
  expect(await settleMessage(message, context)).toBe('bridged')
  return { entries, reported }
}

it('a message is of the tenant from whose queue it came, whoever it names', async () => {
  for (const [tenant, other] of pairs) {
    const { entries, reported } = await bridged(tenant, other)
    const [entry] = entries
    expect(reported).toEqual([expect.objectContaining({ tenant, namedIn: 'exchange' })])
    expect(entry?.source).toBe(sourceOf(tenant))
    expect(entry?.resource).toBe(partitionArn(ownPartition(tenant)))
    const { tenantid, source } = JSON.parse(String(entry?.detail))
    expect(tenantid).toBe(tenant)
    expect(source).toBe(`/ecos/tenants/${escapeTenant(tenant)}`)
  }
})

it('a message that names its own tenant is not reported', async () => {
  for (const tenant of tenants) expect((await bridged(tenant, tenant)).reported).toEqual([])
})

it('another tenant is found wherever a message names it', () => {
  const event = { tenant: 'a', type: 'task.create', id: '1', data: Buffer.from('{}') }
  const message = {
    tenant: 'a',
    queue: 'tenant.a.eventbridge',
    redelivered: false,
    body: Buffer.alloc(0),
  }
  const plain = { ...message, properties: {} }
  expect(placeOfOtherTenant(plain, event)).toBeUndefined()
  expect(placeOfOtherTenant({ ...plain, exchange: 'tenant.b.events' }, event)).toBe('exchange')
  expect(placeOfOtherTenant({ ...plain, exchange: 'tenant.a.eventbridge.migration' }, event)).toBe(
    undefined,
  )
  expect(placeOfOtherTenant({ ...message, properties: { headers: { tenant: 'b' } } }, event)).toBe(
    'headers',
  )
  const bodies = [
    { tenantId: 'b', data: { type: 'task.create' } },
    { data: { type: 'task.create', tenant: 'b' } },
  ]
  for (const body of bodies) {
    const decoded = decodeEvent('a', 'task.create', Buffer.from(JSON.stringify(body)))
    expect(decoded).toMatchObject({ outcome: 'event', event: { namesOtherTenant: true } })
    if (decoded.outcome === 'event') expect(placeOfOtherTenant(plain, decoded.event)).toBe('body')
  }
})

it('large data is read from the bucket of the cell alone', async () => {
  const asked: unknown[] = []
  const s3 = { send: async (command: unknown) => void asked.push(command) }
  const store = createPayloadStore('payloads', s3 as unknown as S3Client)
  for (const bucket of ['other', 'payloads-2', 'payload', '']) {
    const reference = `s3://${bucket}/${eventFolder('a')}1.json`
    await expect(store.load(reference)).rejects.toMatchObject({ code: 'payload-reference' })
  }
  expect(asked).toEqual([])
})

describe('an event whose sender', () => {
  const detail = (tenant: string, more: object = {}) => {
    const about = { specversion: '1.0', id: '1', source: 'x', type: 'task.create' }
    return { ...about, tenantid: tenant, datacontenttype: 'application/json', data: {}, ...more }
  }
  const body = (source: string, of: object) =>
    JSON.stringify({ source, 'detail-type': 'task.create', detail: of })

  it('may send for one tenant is not taken for another’s', () => {
    for (const [tenant, other] of pairs) {
      expect(() => parseBusEvent(body(sourceOf(tenant), detail(other)))).toThrow(
        expect.objectContaining({ code: 'tenant-mismatch' }),
      )
    }
    for (const tenant of tenants) {
      expect(parseBusEvent(body(sourceOf(tenant), detail(tenant))).tenant).toBe(tenant)
    }
  })

  it('refers to another’s large data does not get it', async () => {
    const store = memoryPayloads()
    for (const [tenant, other] of pairs) {
      const dataref = await store.save(`${eventFolder(other)}secret.json`, '{}')
      const event = parseBusEvent(
        body(sourceOf(tenant), { ...detail(tenant, { dataref }), data: undefined }),
      )
      await expect(readData(event, z.looseObject({}), store)).rejects.toMatchObject({
        code: 'payload-reference',
      })
    }
  })
})
