import { beforeEach, describe, expect, it } from '@jest/globals'
import { handle, type LambdaEvent } from 'hono/aws-lambda'
import { ownLinkDays, signOwnLink } from '../../../lib/channels/own-link.ts'
import type { Preferences } from '../../../lib/notifications/subscriptions/preferences.ts'
import { whyBlocked } from '../../../lib/notifications/timing.ts'
import { ownPage } from '../../../lib/own-page/own-page.ts'
import type { OwnSettings } from '../../../lib/own-page/store.ts'

const secret = Buffer.alloc(32, 1).toString('base64')
const now = new Date('2026-11-28T10:00:00Z')
const nowSeconds = now.getTime() / 1000

let stored: Preferences | undefined
let revokedAt: number | undefined
let overtake: (() => void) | undefined
let isBusy: boolean
let reads: number
let failure: Error | undefined
let said: unknown[]
beforeEach(() => {
  stored = undefined
  revokedAt = undefined
  overtake = undefined
  isBusy = false
  reads = 0
  failure = undefined
  said = []
})

const app = ownPage({
  secrets: async () => secret,
  settings: {
    async read(tenant, username): Promise<OwnSettings> {
      reads += 1
      if (failure) throw failure
      const actions = (['email', 'telegram'] as const).map((channel) => ({ channel, address: 'x' }))
      return {
        ...{ preferences: stored, stored },
        subscriptions: [{ tenant, username, eventType: 'task.assign', actions }],
        rules: [{ tenant, eventType: 'comment.added', actions: actions.slice(0, 1) }],
        ...(revokedAt !== undefined && { revokedAt }),
      }
    },
    async save(_tenant, _username, preferences, before) {
      overtake?.()
      overtake = undefined
      if (JSON.stringify(before) !== JSON.stringify(stored)) return false
      stored = preferences
      return true
    },
  },
  tenantOf: async () => ({ timeZone: 'Asia/Tomsk', locale: 'ru' }),
  mayAsk: async () => !isBusy,
  onChange: (...what) => said.push(what),
  onFailure: (error) => said.push(error),
  now: () => now,
})

type Purpose = 'page' | 'unsubscribe'
function pathOf(purpose: Purpose, eventType = 'task.assign', issuedAt = nowSeconds) {
  const link = { purpose, tenant: 'acme', username: 'иванов <b>', issuedAt, eventType }
  return `/${purpose}/${signOwnLink(secret, link)}`
}
const get = async (path: string, headers: Record<string, string> = {}) =>
  app.request(path, { headers })
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  app.request(path, {
    ...{ method: 'POST', body },
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })

/** The form of the page as a browser would send it. */
async function formAt(path: string): Promise<URLSearchParams> {
  const text = await (await get(path)).text()
  const form = new URLSearchParams()
  form.set('version', /name="version" value="([^"]+)"/.exec(text)?.[1] ?? '')
  for (const [, place] of text.matchAll(/name="place" value="([^"]+)" checked/g)) {
    form.append('place', place ?? '')
  }
  form.set('timeZone', /<option value="([^"]+)" selected/.exec(text)?.[1] ?? '')
  return form
}

describe('the page', () => {
  it('shows what the person gets, in Russian and English, with no script and no cache', async () => {
    const answer = await get(pathOf('page'))
    const text = await answer.text()
    expect(answer.status).toBe(200)
    expect(text).toContain('Новые задачи')
    expect(text).toContain('иванов &lt;b&gt;')
    expect(text).not.toMatch(/<script|<b>|<img|http/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    const inEnglish = await get(pathOf('page'), { 'accept-language': 'en-GB,ru' })
    expect(await inEnglish.text()).toContain('New tasks')
    stored = { timeZone: 'Asia/Omsk', locale: 'ru' }
    expect(await (await get(pathOf('page'), { 'accept-language': 'en' })).text()).toContain(
      'задачи',
    )
  })

  it('changes the preferences, and keeps those that it does not show', async () => {
    stored = { timeZone: 'Asia/Omsk', urgent: ['task.delete'], channels: { 'record.create': [] } }
    const form = await formAt(pathOf('page'))
    expect(form.get('timeZone')).toBe('Asia/Omsk')
    form.delete('place', 'task.assign email')
    form.set('quietFrom', '22:00')
    form.set('quietTo', '08:00')
    form.set('digestAt', '09:00')
    form.append('digestChannel', 'email')
    const answer = await post(pathOf('page'), form.toString())
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '?saved'])
    expect(stored).toMatchObject({
      timeZone: 'Asia/Omsk',
      urgent: ['task.delete'],
      quietHours: { from: '22:00', to: '08:00' },
      digest: { at: '09:00', channels: ['email'] },
      channels: { 'record.create': [] },
    })
    expect(whyBlocked(stored, 'task.assign', 'email')).toBeDefined()
    expect(whyBlocked(stored, 'task.assign', 'telegram')).toBeUndefined()
    expect(said).toEqual([['acme', 'settings']])
  })

  it("keeps the digest's channels that it does not show", async () => {
    const digest = { at: '09:00', channels: ['email' as const, 'push' as const] }
    stored = { timeZone: 'Asia/Omsk', digest }
    const form = await formAt(pathOf('page'))
    for (const channel of ['email', 'telegram']) form.append('digestChannel', channel)
    form.set('digestAt', '10:00')
    await post(pathOf('page'), form.toString())
    expect(stored.digest).toMatchObject({ at: '10:00' })
    expect(stored.digest?.channels.toSorted()).toEqual(['email', 'push', 'telegram'])
  })

  it('that is sent twice, or after another change, changes nothing and says so', async () => {
    const form = await formAt(pathOf('page'))
    form.set('quietFrom', '22:00')
    form.set('quietTo', '08:00')
    expect((await post(pathOf('page'), form.toString())).status).toBe(303)
    const first = stored
    form.set('quietTo', '09:00')
    const again = await post(pathOf('page'), form.toString())
    expect([again.status, stored]).toEqual([409, first])
    const fresh = await formAt(pathOf('page'))
    overtake = () => {
      stored = { timeZone: 'UTC' }
    }
    const late = await post(pathOf('page'), fresh.toString())
    expect([late.status, stored]).toEqual([409, { timeZone: 'UTC' }])
    expect(await late.text()).not.toContain('<form')
  })

  it.each([
    ['quietFrom', '22:00', /начало и конец/],
    ['timeZone', 'MSK', /часовой пояс/],
    ['locale', 'xx-Nowhere-1', /сохранить нельзя/],
  ])('tells what is wrong with %s %s, and saves nothing', async (name, value, words) => {
    const form = await formAt(pathOf('page'))
    form.set(name, value)
    const answer = await post(pathOf('page'), form.toString())
    expect(answer.status).toBe(422)
    expect(await answer.text()).toMatch(words)
    expect(stored).toBeUndefined()
  })

  it('takes no form of another site', async () => {
    const form = await formAt(pathOf('page'))
    const answer = await post(pathOf('page'), form.toString(), { 'sec-fetch-site': 'cross-site' })
    expect([answer.status, stored]).toEqual([403, undefined])
    expect((await post(pathOf('page'), 'x'.repeat(20_000))).status).toBe(403)
  })
})

describe('a link that does not work', () => {
  const old = nowSeconds - ownLinkDays * 86_400 - 1
  it.each([
    ['forged', () => '/page/x.y', 403],
    ['of another kind', () => pathOf('unsubscribe').replace('unsubscribe', 'page'), 403],
    ['of no page', () => '/', 403],
    ['expired', () => pathOf('page', '', old), 410],
    ['expired too', () => pathOf('unsubscribe', '', old), 410],
  ])('as it is %s, gets a page without anything, and costs no read', async (_, path, status) => {
    for (const answer of [await get(path()), await post(path(), 'List-Unsubscribe=One-Click')]) {
      expect(answer.status).toBe(status)
      const text = await answer.text()
      expect(text).toMatch(/<h1>Ссылка/)
      expect(text).not.toMatch(/<form|иванов|acme/)
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    }
    expect([reads, stored]).toEqual([0, undefined])
  })

  it('as it was revoked, changes nothing; a later one works', async () => {
    revokedAt = nowSeconds + 1
    for (const purpose of ['page', 'unsubscribe'] as const) {
      expect((await get(pathOf(purpose))).status).toBe(410)
      expect((await post(pathOf(purpose), '')).status).toBe(410)
    }
    expect(stored).toBeUndefined()
    expect((await get(pathOf('page', '', nowSeconds + 1))).status).toBe(200)
  })

  it('as it is used too often, has to wait', async () => {
    isBusy = true
    const answer = await get(pathOf('page'))
    expect([answer.status, answer.headers.get('retry-after'), reads]).toEqual([429, '60', 0])
  })

  it('as the table fails, says so without quoting the error', async () => {
    failure = new Error('kanarie')
    const answer = await get(pathOf('page'))
    expect(answer.status).toBe(503)
    expect(await answer.text()).not.toContain('kanarie')
    expect(said).toEqual([failure])
  })
})

describe('one-click unsubscription (RFC 8058)', () => {
  it('ends the mails of the type by one POST without cookies, and only by a POST', async () => {
    const shown = await (await get(pathOf('unsubscribe'))).text()
    expect(shown).toMatch(/Новые задачи.*<form method="post">/s)
    expect(stored).toBeUndefined()
    const answer = await post(pathOf('unsubscribe'), 'List-Unsubscribe=One-Click')
    expect(answer.status).toBe(200)
    expect(stored && whyBlocked(stored, 'task.create', 'email')).toBeDefined()
    expect(stored?.timeZone).toBe('Asia/Tomsk')
    expect(stored && whyBlocked(stored, 'comment.added', 'email')).toBeUndefined()
    const before = stored
    expect((await post(pathOf('unsubscribe'), 'List-Unsubscribe=One-Click')).status).toBe(200)
    expect(stored).toEqual(before)
  })

  it('is done although the settings change at the same moment', async () => {
    overtake = () => {
      stored = { timeZone: 'Asia/Omsk' }
    }
    await post(pathOf('unsubscribe', 'comment.added'), 'List-Unsubscribe=One-Click')
    expect(stored?.timeZone).toBe('Asia/Omsk')
    expect(stored && whyBlocked(stored, 'comment.added', 'email')).toBeDefined()
  })
})

describe('a function URL’s request', () => {
  /** As Lambda gives it (developer guide, Invoking function URLs): a form’s body in base64. */
  const eventOf = (method: string, rawPath: string, body = '') =>
    ({
      version: '2.0',
      routeKey: '$default',
      rawPath,
      rawQueryString: '',
      headers: {
        host: 'x.lambda-url.eu-central-1.on.aws',
        'content-type': 'application/x-www-form-urlencoded',
        'accept-language': 'en',
      },
      requestContext: {
        domainName: 'x.lambda-url.eu-central-1.on.aws',
        http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: '' },
      },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    }) as unknown as LambdaEvent
  const handler = handle(app)

  it('is answered as any other', async () => {
    const shown = await handler(eventOf('GET', pathOf('page')))
    expect(shown).toMatchObject({ statusCode: 200, isBase64Encoded: false })
    expect(shown.body).toContain('My notifications')
    const form = await formAt(pathOf('page'))
    form.set('timeZone', 'Asia/Omsk')
    const saved = await handler(eventOf('POST', pathOf('page'), form.toString()))
    expect([saved.statusCode, stored?.timeZone]).toEqual([303, 'Asia/Omsk'])
    const off = eventOf('POST', pathOf('unsubscribe'), 'List-Unsubscribe=One-Click')
    expect((await handler(off)).statusCode).toBe(200)
    expect((await handler(eventOf('GET', '/page/x.y'))).statusCode).toBe(403)
  })
})
