import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import { afterAll, expect, it, jest } from '@jest/globals'
import { createKept } from '../../lib/aws/payloads.ts'
import type { Sendable } from '../../lib/notifications/notification.ts'
import type { InitialState } from '../../lib/notifications/store.ts'
import { readMails } from '../../local/mail.ts'
import { serve } from '../../local/receivers/server.ts'
import { command } from '../support/command.ts'
import { muteOnce } from '../support/mute-server.ts'
import {
  emptied,
  logged,
  newNotification,
  notificationStore,
  queue,
  queuedOf,
} from '../support/notifications.ts'
import { eventually, newTenant, runningStack } from '../support/stack.ts'
import { startMailServer } from '../unit/channels/mail-server.ts'

jest.setTimeout(300_000)

const { cloud, deployment, inboxUrl } = runningStack()
const kept = createKept(deployment['PayloadBucketName'] ?? '', cloud.s3)

async function stored(parts: Partial<Sendable>, initial: InitialState): Promise<Sendable> {
  const notification = newNotification(parts)
  await kept.keep(queuedOf(notification))
  await notificationStore.add(notification, initial)
  return notification
}

const stateOf = (notification: Sendable) => async () =>
  (await notificationStore.find(notification))?.state

/** A tenants.yml, so that the command knows the tenant where nothing matches. */
const folder = mkdtempSync(join(tmpdir(), 'once-'))
const TENANTS_FILE = join(folder, 'tenants.yml')
const nightly = newTenant()
writeFileSync(TENANTS_FILE, `tenants: { ${nightly}: {} }`)
afterAll(() => rmSync(folder, { recursive: true }))

function notifications(...args: string[]) {
  const PAYLOAD_BUCKET = deployment['PayloadBucketName']
  return command(['notifications', ...args], { PAYLOAD_BUCKET, TENANTS_FILE })
}

const failed = { state: 'ERROR', reason: 'SMTP 421' } as const

it('a notification that is resent and redriven while it is delivered is delivered once', async () => {
  const heard: string[] = []
  const endpoint = await serve(({ path }) => {
    heard.push(path)
    return { status: 204 }
  })
  try {
    const parts = { channel: 'webhook', address: `${endpoint.url}/once` } as const
    const notification = await stored(parts, failed)
    const { tenant, notificationId } = notification
    const lines = () => logged('send-webhook', notificationId)
    // The test is the sender: its delivery lasts as long as the others need.
    const record = await notificationStore.find(notification)
    if (!record) throw new Error('the notification is not on record')
    const [at, until] = [0, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString())
    const claim = { id: 'the test', at: String(at), until: String(until) }
    const claimed = await notificationStore.claim(record, claim)
    if (!claimed) throw new Error('the notification is not claimed')

    const resent = await notifications('resend', '--tenant', tenant, '--id', notificationId)
    expect([resent.code, resent.stderr]).toEqual([1, expect.stringContaining('is being delivered')])
    // As a redrive sends it.
    await queue(notification)
    await eventually(lines, (all) => all.some(({ code }) => code === 'under-way'))
    const delivery = { at: claim.at, outcome: 'sent' } as const
    expect(await notificationStore.settle(claimed, { state: 'SENT', delivery })).toBe('SENT')
    await queue(notification)
    await eventually(lines, (all) => all.some(({ outcome }) => outcome === 'already-sent'))
    expect(heard).toEqual([])
    const sent = await notificationStore.find(notification)
    expect(sent).toMatchObject({ state: 'SENT', attempts: 1 })
    expect(sent).not.toHaveProperty('claim')
  } finally {
    await endpoint.close()
  }
})

it('a mail that its server took without an answer is repeated late, with the same Message-ID', async () => {
  const seen = Promise.withResolvers<void>()
  // The repetition has no answer before the state between the two is seen.
  const server = await startMailServer({}, async ({ length }) => {
    if (length > 1) await seen.promise
  })
  const mute = await muteOnce(server.url)
  try {
    const tenant = newTenant()
    const Name = `${deployment['BusName']}/email/${tenant}`
    await cloud.secrets.send(new CreateSecretCommand({ Name, SecretString: mute.url }))
    const notification = await stored({ tenant }, { state: 'WAIT_FOR_DISPATCH' })
    await queue(notification)
    await eventually(stateOf(notification), (state) => state === 'UNCERTAIN')
    seen.resolve()
    await eventually(stateOf(notification), (state) => state === 'SENT')
    const record = await notificationStore.find(notification)
    expect(record?.deliveries).toMatchObject([
      { outcome: 'unknown', reason: expect.stringContaining('no answer') },
      { outcome: 'sent' },
    ])
    const ids = server.received.map(({ mail }) => mail.messageId)
    expect(ids).toEqual([expect.stringContaining('@'), ids[0]])
  } finally {
    seen.resolve()
    mute.close()
    await server.close()
  }
})

it("a night's failed notifications are counted first, then sent again, each once", async () => {
  const tenant = nightly
  const addressed = (name: string) => ({ tenant, address: `${name}@${tenant}.example` })
  const all = await Promise.all(
    ['a', 'b', 'c'].map((name) => stored({ ...addressed(name), eventId: name }, failed)),
  )
  const other = await stored({ ...addressed('d'), channel: 'webhook' }, failed)
  const select = ['resend', '--tenant', tenant, '--state', 'ERROR', '--channel', 'email']
  const counted = await notifications(...select)
  expect(counted.stdout).toBe('Would be resent (add --run to do it):\nemail: 3\n')
  expect((await notificationStore.find(all[0] as Sendable))?.state).toBe('ERROR')
  const early = await notifications(...select, '--to', '2026-01-01', '--json')
  expect(JSON.parse(early.stdout)).toEqual({ channels: {}, more: false })
  const run = await notifications(...select, '--from', '1h', '--run', '--json')
  expect(JSON.parse(run.stdout)).toEqual({ channels: { email: 3 }, left: [], more: false })
  for (const one of all) await eventually(stateOf(one), (state) => state === 'SENT')
  expect(await stateOf(other)()).toBe('ERROR')
  const mails = (await readMails(inboxUrl)).flatMap(({ to }) => to.map(({ address }) => address))
  expect(mails.filter((to) => to?.endsWith(`@${tenant}.example`)).sort()).toEqual(
    ['a', 'b', 'c'].map((name) => `${name}@${tenant}.example`),
  )
  expect((await notifications(...select, '--run')).stdout).toBe('Nothing matches.\n')
})

it('a dead letter whose time to live is over is sent once it is renewed', async () => {
  const notification = await stored({}, { state: 'WAIT_FOR_DISPATCH' })
  const { tenant, notificationId } = notification
  await queue(notification, { queuedAt: '2026-01-01T00:00:00.000Z' })
  await eventually(stateOf(notification), (state) => state === 'EXPIRED')
  const redrive = ['dlq', 'redrive', '--tenant', tenant, '--json', '--run']
  const one = [{ queue: 'ecos-main-email-dlq', messages: 1 }]
  await eventually(
    async () =>
      JSON.parse((await command(['dlq', 'redrive', '--tenant', tenant, '--json'])).stdout),
    (found: unknown[]) => found.length > 0,
  )
  const redriven = await eventually(
    async () => JSON.parse((await command(redrive)).stdout),
    (sent: unknown[]) => sent.length > 0,
  )
  expect(redriven).toEqual(one)
  // As it was, it can only expire again. Repetitions of other tests wait there for the ends of their claims.
  await emptied('EmailQueueUrl', 400)
  expect(await stateOf(notification)()).toBe('EXPIRED')
  await eventually(
    async () => JSON.parse((await command([...redrive, '--renew'])).stdout),
    (sent: unknown[]) => sent.length > 0,
  )
  await eventually(stateOf(notification), (state) => state === 'SENT')
  expect((await notificationStore.find(notification))?.notificationId).toBe(notificationId)
}, 480_000)
