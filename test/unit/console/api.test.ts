import { describe, expect, it } from '@jest/globals'
import { Hono } from 'hono'
import { access } from '../../../console/server/access.ts'
import { createApi } from '../../../console/server/api.ts'
import { type Fault, faultOf } from '../../../console/server/fault.ts'
import { listLetters } from '../../../console/server/letters.ts'
import type { ConsolePorts } from '../../../console/server/ports.ts'
import { redrive } from '../../../console/server/redrive.ts'
import { EcosError } from '../../../lib/errors.ts'
import type { AuditRecord } from '../../../lib/operations/audit.ts'
import { readLetter } from '../../../lib/operations/dead-letter.ts'
import type { LetterBox, TakenLetter } from '../../../lib/operations/letter-box.ts'

const origin = 'http://127.0.0.1:8484'

describe('access', () => {
  const app = new Hono()
    .use(access({ token: 'right', origin: () => origin }))
    .all('*', (context) => context.text('in'))
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    app.request(path, { method, headers: { host: '127.0.0.1:8484', ...headers } })
  const cookie = 'ecos-console-8484=right'

  it('is had by the token in the address, and by its cookie from then on', async () => {
    const first = await ask('/?token=right')
    expect([first.status, first.headers.get('location')]).toEqual([302, '/'])
    const set = first.headers.get('set-cookie')
    expect(set).toBe(`${cookie}; Path=/; HttpOnly; SameSite=Strict`)
    expect((await ask('/', { cookie })).status).toBe(200)
    expect((await ask('/', { cookie, origin }, 'POST')).status).toBe(200)
    const own = { cookie, 'sec-fetch-site': 'same-origin' }
    expect((await ask('/api/cells', own)).status).toBe(200)
  })

  it.each([
    ['no token', '/', {}, 'GET', 401],
    ['a wrong token', '/?token=wrong', {}, 'GET', 401],
    ['a wrong cookie', '/', { cookie: 'ecos-console-8484=wrong' }, 'GET', 401],
    ['the token at another path', '/api/cells?token=right', {}, 'GET', 401],
    [
      'a page on another port of this machine',
      '/api/cells',
      { cookie, 'sec-fetch-site': 'same-site' },
      'GET',
      403,
    ],
    ['another name of this machine', '/', { cookie, host: 'evil.example:8484' }, 'GET', 403],
    ['another page', '/', { cookie, origin: 'https://evil.example' }, 'POST', 403],
    ['a change that says no origin', '/', { cookie }, 'POST', 403],
  ])('is refused with %s', async (_, path, headers, method, status) => {
    expect((await ask(path, headers as Record<string, string>, method)).status).toBe(status)
  })
})

describe('the API', () => {
  const body = JSON.stringify({ detail: { tenantid: 'acme', type: 'task.create', id: 'e' } })
  /** A dead-letter queue that records what happens to each message. */
  function queueOf(ids: readonly string[], broken?: string) {
    const ends: string[] = []
    const taken = ids.map((messageId): TakenLetter => {
      const resting = { queue: 'q-dlq', messageId, sentAt: new Date(0), body, attributes: {} }
      const end = (what: string) => async () => void ends.push(`${what} ${messageId}`)
      const letter = readLetter('event', resting)
      const fail = () => Promise.reject(new Error('throttled'))
      const sendBack = messageId === broken ? fail : end('sent')
      return { ...letter, release: end('left'), remove: end('removed'), sendBack }
    })
    const box: LetterBox = {
      name: 'q-dlq',
      kind: 'event',
      depth: async () => ids.length,
      async *take() {
        yield* taken
      },
    }
    return { box, ends }
  }
  function apiWith(boxes: LetterBox | LetterBox[], allowRepair: boolean, problems: Fault[] = []) {
    const ports = {
      withLetters: async (_, work) =>
        work({ boxes: [boxes].flat(), reasonOf: async () => 'why', problems }),
      audit: async () => ({
        book: { put: async (record) => void records.push(record) },
        who: async () => ({ user: 'ann@desk', identity: 'arn', via: 'console' }),
        log: () => undefined,
        list: async () => ({ records: [] }),
      }),
    } as Partial<ConsolePorts> as ConsolePorts
    return createApi({ ports, cells: ['main'], allowRepair }).routes
  }
  const records: AuditRecord[] = []
  const linesOf = async (answer: Response): Promise<unknown[]> =>
    (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  const progress = (done: number, wanted: number, failed = 0) => {
    return { queue: 'q-dlq', wanted, done, failed }
  }
  const chosen = (letters: unknown) => ({ method: 'POST', body: JSON.stringify({ letters }) })

  it('lists what rests, with its reason, and leaves it there', async () => {
    const { box, ends } = queueOf(['a'])
    const answer = await apiWith(box, false).request('/main/letters')
    const about = { tenant: 'acme', type: 'task.create', eventId: 'e', reason: 'why', cause: 'why' }
    expect(await answer.json()).toEqual({
      letters: [
        {
          queue: 'q-dlq',
          kind: 'event',
          messageId: 'a',
          sentAt: expect.any(String),
          body,
          ...about,
        },
      ],
      more: false,
      problems: [],
    })
    expect(ends).toEqual(['left a'])
  })

  it('lists of an event’s tenant its own letters and nobody’s, and reads no queues of others', async () => {
    const of = (tenant?: string) => JSON.stringify({ detail: { tenantid: tenant, ...event } })
    const event = { type: 'task.create', id: 'e' }
    const letters = [of('acme'), of('globex'), of()].map((body, at) =>
      readLetter('event', {
        ...{ queue: 'q-dlq', messageId: `e${at}`, sentAt: new Date(0), body, attributes: {} },
      }),
    )
    const box = {
      ...queueOf([]).box,
      depth: async () => 3,
      async *take() {
        yield* letters.map((letter) => ({ ...letter, release: async () => undefined }))
      },
    } as unknown as LetterBox
    const asked: (string | undefined)[] = []
    const ports = {
      async withLetters(_, work, tenant) {
        asked.push(tenant)
        return work({ boxes: [box], reasonOf: async () => 'why', problems: [] })
      },
    } as Partial<ConsolePorts> as ConsolePorts
    const { routes } = createApi({ ports, cells: ['main'], allowRepair: false })
    const listed = async (query: string) => {
      const answer = await routes.request(`/main/letters?${query}`)
      const { letters } = (await answer.json()) as { letters: { messageId: string }[] }
      return letters.map(({ messageId }) => messageId)
    }
    expect(await listed('tenant=acme')).toEqual(['e0', 'e2'])
    expect(await listed('')).toEqual(['e0', 'e1', 'e2'])
    expect(asked).toEqual(['acme', undefined])
  })

  it('lists what it may, and says what it may not', async () => {
    const denied: LetterBox = {
      ...queueOf([]).box,
      name: 'other-dlq',
      depth: async () =>
        Promise.reject(Object.assign(new Error('not allowed'), { name: 'AccessDenied' })),
    }
    const api = apiWith([denied, queueOf(['a']).box], false, [
      faultOf('broker', new EcosError('broker-unreachable', 'no broker')),
    ])
    expect(await (await api.request('/main/letters')).json()).toEqual({
      letters: [expect.objectContaining({ messageId: 'a' })],
      more: false,
      problems: [
        { part: 'broker', kind: 'unreachable', text: 'no broker' },
        { part: 'other-dlq', kind: 'denied', text: 'not allowed' },
      ],
    })
  })

  it('lists a letter whose reason can not be asked, and says that', async () => {
    const { box } = queueOf(['a'])
    const reasonOf = async () => Promise.reject(new Error('no table'))
    const { letters, problems } = await listLetters({ boxes: [box], reasonOf, problems: [] })
    expect(letters.map(({ messageId }) => messageId)).toEqual(['a'])
    expect(problems).toEqual([{ part: 'reasons', kind: 'failed', text: 'no table' }])
  })

  it('sends back what was chosen, and nothing else', async () => {
    const { box, ends } = queueOf(['a', 'b', 'c'])
    const letters = [
      { queue: 'q-dlq', messageId: 'b' },
      { queue: 'gone-dlq', messageId: 'a' },
    ]
    const answer = await apiWith(box, true).request('/main/redrive', chosen(letters))
    expect(await linesOf(answer)).toEqual([
      { queues: [progress(1, 1), { ...progress(0, 1), queue: 'gone-dlq' }] },
      { queues: [progress(1, 1), { ...progress(0, 1), queue: 'gone-dlq' }] },
      { done: true },
    ])
    // It stops at the last chosen letter: c is never received.
    expect(ends).toEqual(['sent b', 'removed b', 'left a'])
  })

  it('leaves a letter that can not be sent, says why, and goes on with the others', async () => {
    const broken = queueOf(['a', 'b', 'c'], 'b')
    const whole = queueOf(['d'])
    const other = { ...whole.box, name: 'other-dlq' }
    const letters = [
      ...['a', 'b', 'c'].map((messageId) => ({ queue: 'q-dlq', messageId })),
      { queue: 'other-dlq', messageId: 'd' },
    ]
    const api = apiWith([broken.box, other], true)
    const lines = await linesOf(await api.request('/main/redrive', chosen(letters)))
    expect(lines.at(-2)).toEqual({
      queues: [
        { ...progress(2, 3, 1), problem: 'The message b stays in q-dlq: throttled' },
        { ...progress(1, 1), queue: 'other-dlq' },
      ],
    })
    expect(broken.ends).toEqual(['sent a', 'removed a', 'sent c', 'removed c', 'left b'])
    expect(whole.ends).toEqual(['sent d', 'removed d'])
    expect(records.at(-1)).toMatchObject({
      ...{ action: 'letters.redrive', outcome: 'done', wanted: 4, done: 3 },
      operator: { user: 'ann@desk' },
    })
  })

  it('sends back once at a time: a second click is refused, and a later one is not', async () => {
    const sending = Promise.withResolvers<void>()
    const { box, ends } = queueOf(['a', 'b'])
    const slow: LetterBox = {
      ...box,
      async *take() {
        for await (const letter of box.take(Infinity)) {
          yield { ...letter, sendBack: () => sending.promise.then(() => letter.sendBack()) }
        }
      },
    }
    const api = apiWith(slow, true)
    const both = chosen(['a', 'b'].map((messageId) => ({ queue: 'q-dlq', messageId })))
    const first = await api.request('/main/redrive', both)
    const second = await api.request('/main/redrive', both)
    expect(second.status).toBe(409)
    expect(await second.json()).toMatchObject({ code: 'redrive-runs' })
    sending.resolve()
    await first.text()
    expect(ends).toEqual(['sent a', 'removed a', 'sent b', 'removed b'])
    expect((await api.request('/main/redrive', both)).status).toBe(200)
  })

  it('stops between two letters, and leaves the rest', async () => {
    const { box, ends } = queueOf(['a', 'b', 'c'])
    const letters = ['a', 'b', 'c'].map((messageId) => ({ queue: 'q-dlq', messageId }))
    const all = { boxes: [box], reasonOf: async () => 'why', problems: [] }
    const leaving = new AbortController()
    const end = await redrive(all, letters, leaving.signal, () => leaving.abort())
    expect(end).toEqual([progress(1, 3)])
    expect(ends).toEqual(['sent a', 'removed a'])
  })

  it('changes nothing unless it may', async () => {
    const { box, ends } = queueOf(['a'])
    const letters = [{ queue: 'q-dlq', messageId: 'a' }]
    expect((await apiWith(box, false).request('/main/redrive', chosen(letters))).status).toBe(403)
    expect(ends).toEqual([])
  })

  it('refuses what is no request, and a cell that is not there', async () => {
    const api = apiWith(queueOf([]).box, true)
    const empty = await api.request('/main/redrive', chosen([]))
    expect([empty.status, await empty.json()]).toEqual([
      400,
      { code: 'invalid-request', kind: 'failed', message: expect.stringContaining('letters') },
    ])
    expect((await api.request('/main/story?id=')).status).toBe(400)
    expect((await api.request('/other/letters')).status).toBe(404)
  })

  it('asks about the tenant that is named, whatever it is called, and about no other', async () => {
    const asked: unknown[] = []
    const note =
      <T>(answer: T) =>
      async (_: unknown, tenant: unknown) => {
        asked.push(tenant)
        return answer
      }
    const noOthers = () => Promise.reject(new Error('asked for all'))
    const ports = {
      stories: async (_: unknown, pairs: readonly { tenant: string }[]) => {
        asked.push(...new Set(pairs.map(({ tenant }) => tenant)))
        return []
      },
      search: note({ notifications: [] }),
      subscriptions: note([]),
      message: note(undefined),
      withLetters: async (_: unknown, __: unknown, tenant: unknown) => {
        asked.push(tenant)
        return { letters: [] }
      },
      audit: async () => ({
        list: async ({ tenant }: { tenant?: string }) => {
          asked.push(tenant)
          return { records: [] }
        },
      }),
      ...{ tenants: noOthers, enabledTypes: noOthers, searchTenants: noOthers },
    } as unknown as ConsolePorts
    const { routes } = createApi({ ports, cells: ['main'], allowRepair: true })
    const notification = 'a7'.repeat(32)
    for (const tenant of ['globex', 'sent', 'acme#task.create', 'acme%23', '*', '../acme']) {
      const query = new URLSearchParams({ tenant, notification, id: 'e' })
      const paths = ['story', 'search', 'subscriptions', 'message', 'letters', 'audit']
      for (const path of paths) {
        expect((await routes.request(`/main/${path}?${query}`)).status).toBe(200)
      }
      expect(asked.splice(0)).toEqual(paths.map(() => tenant))
    }
  })
})
