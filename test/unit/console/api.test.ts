import { describe, expect, it } from '@jest/globals'
import { Hono } from 'hono'
import { access } from '../../../console/server/access.ts'
import { createApi } from '../../../console/server/api.ts'
import type { ConsolePorts } from '../../../console/server/ports.ts'
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
  })

  it.each([
    ['no token', '/', {}, 'GET', 401],
    ['a wrong token', '/?token=wrong', {}, 'GET', 401],
    ['a wrong cookie', '/', { cookie: 'ecos-console-8484=wrong' }, 'GET', 401],
    ['the token at another path', '/api/cells?token=right', {}, 'GET', 401],
    ['another name of this machine', '/', { cookie, host: 'evil.example:8484' }, 'GET', 403],
    ['another page', '/', { cookie, origin: 'https://evil.example' }, 'POST', 403],
    ['a change that says no origin', '/', { cookie }, 'POST', 403],
  ])('is refused with %s', async (_, path, headers, method, status) => {
    expect((await ask(path, headers as Record<string, string>, method)).status).toBe(status)
  })
})

describe('the API', () => {
  const body = JSON.stringify({ detail: { tenantid: 'acme', type: 'task.create', id: 'e' } })
  /** A dead-letter queue, and what became of each of its messages. */
  function queueOf(ids: readonly string[]) {
    const ends: string[] = []
    const taken = ids.map((messageId): TakenLetter => {
      const resting = { queue: 'q-dlq', messageId, sentAt: new Date(0), body, attributes: {} }
      const end = (what: string) => async () => void ends.push(`${what} ${messageId}`)
      const letter = readLetter('event', resting)
      return { ...letter, release: end('left'), remove: end('removed'), sendBack: end('sent') }
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
  function apiWith(box: LetterBox, allowRepair: boolean) {
    const ports = {
      withLetters: async (_, work) => work({ boxes: [box], reasonOf: async () => 'why' }),
    } as Partial<ConsolePorts> as ConsolePorts
    return createApi({ ports, cells: ['main'], allowRepair }).routes
  }
  const chosen = (letters: unknown) => ({ method: 'POST', body: JSON.stringify({ letters }) })

  it('lists what rests, with its reason, and leaves it there', async () => {
    const { box, ends } = queueOf(['a'])
    const answer = await apiWith(box, false).request('/main/letters')
    const about = { tenant: 'acme', type: 'task.create', eventId: 'e', reason: 'why' }
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
    })
    expect(ends).toEqual(['left a'])
  })

  it('sends back what was chosen, and nothing else', async () => {
    const { box, ends } = queueOf(['a', 'b', 'c'])
    const letters = [
      { queue: 'q-dlq', messageId: 'b' },
      { queue: 'gone-dlq', messageId: 'a' },
    ]
    const answer = await apiWith(box, true).request('/main/redrive', chosen(letters))
    expect(await answer.json()).toEqual({ done: 1 })
    expect(ends).toEqual(['sent b', 'removed b', 'left a', 'left c'])
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
      { code: 'invalid-request', message: expect.stringContaining('letters') },
    ])
    expect((await api.request('/main/story?id=')).status).toBe(400)
    expect((await api.request('/other/letters')).status).toBe(404)
  })
})
