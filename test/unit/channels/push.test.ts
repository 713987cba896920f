import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Channel } from '../../../lib/channels/channel.ts'
import { createPushChannel } from '../../../lib/channels/push.ts'
import { pushMessage } from '../../../lib/channels/push-message.ts'
import {
  type Firebase,
  type PushMessage,
  refusal,
  startFirebase,
} from '../../../local/receivers/firebase.ts'
import { message } from './message.ts'

let firebase: Firebase
let channel: Channel
beforeEach(async () => {
  firebase = await startFirebase()
  channel = createPushChannel({
    apiUrl: firebase.url,
    accountOf: async () => firebase.serviceAccount,
  })
})
afterEach(() => firebase.close())

const to = (address: string, fields = {}) => channel.deliver(message({ address, ...fields }))

describe('a push message', () => {
  it('is shown on the device, with the custom data as texts', async () => {
    const customData = { clickAction: 'open', sum: 100, of: { who: ['x'] }, nothing: null }
    expect(await to('device', { text: 'Срок: завтра\n', customData })).toEqual({
      outcome: 'sent',
      providerId: 'projects/demo/messages/1',
    })
    const { notificationId, title, eventType, eventId } = message()
    expect(firebase.received).toEqual([
      {
        token: 'device',
        notification: { title, body: 'Срок: завтра' },
        data: {
          clickAction: 'open',
          sum: '100',
          of: '{"who":["x"]}',
          nothing: 'null',
          ...{ notificationId, eventType, eventId },
        },
        // A second delivery takes the place of the first.
        android: { notification: { tag: notificationId } },
        apns: { headers: { 'apns-collapse-id': notificationId } },
      },
    ])
  })

  it('leaves out what FCM keeps for itself', async () => {
    const taken = ['from', 'message_type', 'collapse_key', 'google', 'google_x', 'gcm', 'gcm_x']
    const kept = ['fromDepartment', 'message_types', 'collapse_keys', 'agcm', 'From', 'notgoogle']
    const customData = Object.fromEntries([...taken, ...kept].map((name) => [name, 'x']))
    expect(await to('device', { customData })).toMatchObject({ outcome: 'sent' })
    expect(Object.keys(firebase.received[0]?.data ?? {})).toEqual([
      ...kept,
      'notificationId',
      'eventType',
      'eventId',
    ])
  })

  it.each(['я', '😀', '"', 'x'])('of more %s than FCM takes is cut', async (letter) => {
    expect(await to('device', { text: letter.repeat(5000) })).toMatchObject({ outcome: 'sent' })
    const { body = '' } = firebase.received[0]?.notification ?? {}
    expect(body.endsWith('…') && body.isWellFormed()).toBe(true)
    expect(Buffer.byteLength(body)).toBeGreaterThan(1500)
  })

  it('has whole code points and at most 4096 bytes, title, text and data together', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 3000 })
    fc.assert(
      fc.property(texts, texts, fc.dictionary(fc.constantFrom('a', 'b'), texts), (...all) => {
        const [title, text, customData] = all.slice(0, 3) as [
          string,
          string,
          Record<string, string>,
        ]
        const sent = pushMessage(message({ title, text, customData })) as PushMessage | undefined
        const tooMuch = Object.values(customData).join('').length > 600
        if (sent === undefined) {
          expect(tooMuch).toBe(true)
          return
        }
        const { notification, data } = sent
        const entries = [...Object.entries(notification), ...Object.entries(data)]
        expect(Buffer.byteLength(entries.flat().join(''))).toBeLessThanOrEqual(4096)
        for (const one of Object.values(notification)) expect(one.isWellFormed()).toBe(true)
      }),
    )
  })

  it('whose data alone is more than FCM takes is permanent', async () => {
    expect(await to('device', { customData: { all: 'x'.repeat(4096) } })).toEqual({
      outcome: 'permanent',
      reason: 'custom data too large',
    })
  })
})

describe('an access token', () => {
  it('is asked for once, also by deliveries side by side', async () => {
    await Promise.all([to('a'), to('b'), to('c')])
    await to('d')
    expect([firebase.received.length, firebase.given()]).toEqual([4, 1])
  })

  it('that is refused is asked for anew, and the message sent', async () => {
    await to('a')
    firebase.revoke()
    expect(await to('b')).toMatchObject({ outcome: 'sent' })
    expect(firebase.given()).toBe(2)
  })

  it('that Google does not give is transient, and asked for again', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' })
    let account = JSON.stringify({ ...JSON.parse(firebase.serviceAccount), private_key })
    const rotated = createPushChannel({ apiUrl: firebase.url, accountOf: async () => account })
    expect(await rotated.deliver(message({ address: 'device' }))).toEqual({
      outcome: 'transient',
      reason: 'Google issued no token: HTTP 400',
    })
    account = firebase.serviceAccount
    expect(await rotated.deliver(message({ address: 'device' }))).toMatchObject({ outcome: 'sent' })
  })

  it.each([
    ['no JSON', 'The push secret is not'],
    ['{"project_id":"x"}', 'The push secret is not'],
  ])('has no use for the account %s, and does not tell it', async (account, text) => {
    const wrong = createPushChannel({ apiUrl: firebase.url, accountOf: async () => account })
    const failure = wrong.deliver(message({ address: 'device' }))
    await expect(failure).rejects.toMatchObject({ code: 'service-account' })
    await expect(failure).rejects.toThrow(text)
  })

  it('has no use for a key that is none', async () => {
    const account = { ...JSON.parse(firebase.serviceAccount), private_key: 'hush' }
    const wrong = createPushChannel({
      apiUrl: firebase.url,
      accountOf: async () => JSON.stringify(account),
    })
    expect(await wrong.deliver(message({ address: 'device' }))).toEqual({
      outcome: 'transient',
      reason: 'The private key in the push secret is not an RSA key',
    })
  })
})

describe('FCM', () => {
  it('that knows the token no more is gone', async () => {
    firebase.unregistered.add('device')
    expect(await to('device')).toEqual({ outcome: 'gone', reason: 'FCM 404 UNREGISTERED' })
  })

  it("that knows the token as another project's is permanent", async () => {
    firebase.foreign.add('device')
    expect(await to('device')).toEqual({
      outcome: 'permanent',
      reason: 'FCM 403 SENDER_ID_MISMATCH',
    })
  })

  it('that takes the message for invalid is permanent', async () => {
    firebase.next.push(refusal(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT'))
    expect(await to('device')).toEqual({
      outcome: 'permanent',
      reason: 'FCM 400 INVALID_ARGUMENT',
    })
  })

  it.each([
    [refusal(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED'), 'FCM 429 QUOTA_EXCEEDED', 60],
    [
      refusal(429, 'RESOURCE_EXHAUSTED', 'QUOTA_EXCEEDED', { 'retry-after': '30' }),
      'FCM 429 QUOTA_EXCEEDED',
      30,
    ],
    [refusal(503, 'UNAVAILABLE', 'UNAVAILABLE', { 'retry-after': '5' }), 'FCM 503 UNAVAILABLE', 5],
    [refusal(500, 'INTERNAL', 'INTERNAL'), 'FCM 500 INTERNAL', undefined],
    [refusal(403, 'PERMISSION_DENIED'), 'FCM 403 PERMISSION_DENIED', undefined],
    [refusal(404, 'NOT_FOUND'), 'FCM 404 NOT_FOUND', undefined],
    [
      refusal(401, 'UNAUTHENTICATED', 'THIRD_PARTY_AUTH_ERROR'),
      'FCM 401 THIRD_PARTY_AUTH_ERROR',
      undefined,
    ],
    [{ status: 502, body: '<html>Bad Gateway</html>' }, 'FCM 502', undefined],
  ])('that answers %j is transient', async (answer, reason, retryAfterSeconds) => {
    firebase.next.push(answer, answer)
    expect(await to('device')).toEqual({
      outcome: 'transient',
      reason,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    })
    firebase.next.length = 0
    expect(await to('device')).toMatchObject({ outcome: 'sent' })
  })
})
