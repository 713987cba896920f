import type { lookup as systemLookup } from 'node:dns'
import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { guardedLookup } from '../../../lib/channels/guarded-lookup.ts'
import { createHttp } from '../../../lib/channels/http.ts'
import { createWebhookChannel } from '../../../lib/channels/webhook.ts'
import { type Answer, type Request, serve } from '../../../local/receivers/server.ts'
import { startWebhookReceiver } from '../../../local/receivers/webhook.ts'
import { message } from './message.ts'

const whsec = (text: string) => `whsec_${Buffer.from(text.padEnd(24, '.')).toString('base64')}`
const [older, newer] = [whsec('older'), whsec('newer')]

const opened: { close(): unknown }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})
function opening<T extends { close(): unknown }>(one: T): T {
  opened.push(one)
  return one
}

const generationOf = async () => ({ generation: 1 })

function channelWith(secret: string) {
  const client = opening(createHttp())
  return createWebhookChannel(
    { secretOf: async () => secret, generationOf, allowPrivate: true },
    client,
  )
}

async function endpoint(answer: Answer) {
  const requests: Request[] = []
  const server = await serve((request) => {
    requests.push(request)
    return answer
  })
  return opening({ ...server, requests })
}

describe('a webhook', () => {
  it('is posted signed, with the id of the notification', async () => {
    const receiver = opening(await startWebhookReceiver(newer))
    const sent = message({ address: `${receiver.url}/hook?a=1`, customData: { sum: 100 } })
    expect(await channelWith(newer).deliver(sent)).toEqual({ outcome: 'sent' })
    const { tenant, eventId, locale, title, text, html, notificationId } = sent
    expect(receiver.received).toEqual([
      {
        id: notificationId,
        path: '/hook?a=1',
        payload: {
          type: 'task.assign',
          timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          data: {
            ...{ notificationId, tenant, eventId, locale, title, text, html },
            customData: { sum: 100 },
            schemaVersion: 1,
            event: { id: eventId, type: 'task.assign', happenedAt: null },
            ...{ task: null, document: null, due: null },
            people: { initiator: null, assignee: null, author: null },
            links: { record: null, web: null },
          },
        },
        body: expect.stringContaining('"sum":100'),
      },
    ])
  })

  it.each([older, newer])('is accepted by who knows one of two secrets', async (secret) => {
    const receiver = opening(await startWebhookReceiver(secret))
    const delivery = await channelWith(`${newer} ${older}`).deliver(
      message({ address: receiver.url }),
    )
    expect(delivery).toEqual({ outcome: 'sent' })
  })

  it('is refused by who knows another secret', async () => {
    const receiver = opening(await startWebhookReceiver(older))
    expect(await channelWith(newer).deliver(message({ address: receiver.url }))).toEqual({
      outcome: 'transient',
      reason: 'HTTP 401',
    })
    expect(receiver.received).toEqual([])
  })

  it('goes over one connection with the one before it', async () => {
    const receiver = opening(await startWebhookReceiver(newer))
    const channel = channelWith(newer)
    await channel.deliver(message({ address: receiver.url }))
    // The connection is free again a moment after its answer is.
    await setImmediate()
    await channel.deliver(message({ address: receiver.url }))
    expect([receiver.received.length, receiver.connections()]).toEqual([2, 1])
  })

  it.each([
    'whsec_!!!',
    `whsec_${Buffer.alloc(23).toString('base64')}`,
    `${newer} whsec_${Buffer.alloc(23).toString('base64')}`,
  ])('whose secret is %s is not sent, and the secret is not told', async (secret) => {
    const deliver = channelWith(secret).deliver(message({ address: 'http://127.0.0.1:9' }))
    await expect(deliver).rejects.toMatchObject({ code: 'webhook-secret' })
    await expect(deliver).rejects.not.toMatchObject({ message: expect.stringContaining('!!!') })
  })
})

describe('an endpoint that answers', () => {
  it.each<[number, Record<string, string>, object]>([
    [200, {}, { outcome: 'sent' }],
    [202, {}, { outcome: 'sent' }],
    [400, {}, { outcome: 'transient', reason: 'HTTP 400' }],
    [404, {}, { outcome: 'transient', reason: 'HTTP 404' }],
    [409, {}, { outcome: 'transient', reason: 'HTTP 409' }],
    [425, {}, { outcome: 'transient', reason: 'HTTP 425' }],
    [408, {}, { outcome: 'transient', reason: 'HTTP 408' }],
    [410, {}, { outcome: 'gone', reason: 'HTTP 410' }],
    [429, {}, { outcome: 'transient', reason: 'HTTP 429' }],
    [429, { 'retry-after': '7' }, { outcome: 'transient', retryAfterSeconds: 7 }],
    [500, {}, { outcome: 'transient', reason: 'HTTP 500' }],
    [503, { 'retry-after': '120' }, { outcome: 'transient', retryAfterSeconds: 120 }],
    [503, { 'retry-after': 'soon' }, { outcome: 'transient', reason: 'HTTP 503' }],
  ])('%i %j', async (status, headers, expected) => {
    const { url } = await endpoint({ status, headers })
    const delivery = await channelWith(newer).deliver(message({ address: url }))
    expect(delivery).toMatchObject(expected)
    expect(delivery).toHaveProperty('outcome')
  })

  it.each([301, 302, 307, 308])('%i is not followed', async (status) => {
    const target = await endpoint({ status: 200 })
    const { url } = await endpoint({ status, headers: { location: target.url } })
    expect(await channelWith(newer).deliver(message({ address: url }))).toEqual({
      outcome: 'permanent',
      reason: `HTTP ${status}`,
    })
    expect(target.requests).toEqual([])
  })

  it('with more than anybody reads has its say', async () => {
    const { url } = await endpoint({ status: 200, body: 'x'.repeat(10_000_000) })
    expect(await channelWith(newer).deliver(message({ address: url }))).toEqual({
      outcome: 'sent',
    })
  })

  it('nothing, since it is not there, is transient', async () => {
    const server = await serve(() => ({ status: 200 }))
    await server.close()
    expect(await channelWith(newer).deliver(message({ address: server.url }))).toEqual({
      outcome: 'transient',
      reason: 'ECONNREFUSED',
    })
  })
})

describe('an address', () => {
  const inAnAccount = () =>
    createWebhookChannel({ secretOf: async () => newer, generationOf, allowPrivate: false })

  it.each([
    ['ftp://x.example', 'is not https'],
    ['http://x.example/hook', 'is not https'],
    ['https://user:password@x.example', 'has credentials'],
    ['not-a-url', 'is not a URL'],
    ['https://127.0.0.1/', 'has a host that is not public'],
    ['https://2130706433/', 'has a host that is not public'],
    ['https://0x7f.1/', 'has a host that is not public'],
    ['https://169.254.169.254/latest/meta-data', 'has a host that is not public'],
    ['https://[::1]/', 'has a host that is not public'],
    ['https://[::ffff:10.0.0.1]/', 'has a host that is not public'],
    ['https://localhost/', 'has a host that is not public'],
  ])('%s is refused for good', async (address, reason) => {
    expect(await inAnAccount().deliver(message({ address }))).toEqual({
      outcome: 'permanent',
      reason: expect.stringContaining(`the address ${reason}`),
    })
  })

  /** Resolves names to these, one after another, as a rebinding name server does. */
  function resolving(...answers: string[]) {
    const asked: string[] = []
    const lookup = (name: string, _: object, done: (...result: unknown[]) => void) => {
      const address = answers[asked.length]
      asked.push(name)
      done(null, [{ address, family: 4 }])
    }
    return { lookup: lookup as unknown as typeof systemLookup, asked }
  }
  const channelBy = (lookup: typeof systemLookup, isAllowed?: (address: string) => boolean) =>
    createWebhookChannel(
      { secretOf: async () => newer, generationOf, allowPrivate: true },
      opening(createHttp({ lookup: guardedLookup(isAllowed, lookup) })),
    )

  it('by a name that means a private one is not connected to', async () => {
    const target = await endpoint({ status: 200 })
    const { lookup } = resolving('127.0.0.1')
    const address = target.url.replace('127.0.0.1', 'hook.internal')
    expect(await channelBy(lookup).deliver(message({ address }))).toEqual({
      outcome: 'permanent',
      reason: 'the address has a host that is not public',
    })
    expect(target.connections()).toBe(0)
  })

  it('is resolved once: the connection goes to what was looked at', async () => {
    const target = await endpoint({ status: 200 })
    const { lookup, asked } = resolving('127.0.0.1', '127.0.0.2')
    const address = target.url.replace('127.0.0.1', 'hook.internal')
    const channel = channelBy(lookup, (found) => found === '127.0.0.1')
    expect(await channel.deliver(message({ address }))).toEqual({ outcome: 'sent' })
    expect([target.requests.length, asked]).toEqual([1, ['hook.internal']])
  })
})
