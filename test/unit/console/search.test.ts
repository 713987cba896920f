import { describe, expect, it } from '@jest/globals'
import { createApi } from '../../../console/server/api.ts'
import type { ConsolePorts } from '../../../console/server/ports.ts'
import {
  type ListedNotification,
  matches,
  type NotificationFilter,
  wordsLeft,
} from '../../../lib/operations/notification-listing.ts'

type Asked = [
  cell: string,
  tenants: string | readonly string[],
  filter: NotificationFilter,
  before?: string,
]

/** The API, and what it asked of the table. */
function api(tenants: readonly string[] = [], notifications: readonly ListedNotification[] = []) {
  const asked: Asked[] = []
  const answer = async (...question: Asked) => {
    asked.push(question)
    return { notifications, unfinished: [], notAsked: 0 }
  }
  const ports = {
    search: answer,
    searchTenants: answer,
    tenants: async () => tenants,
  } as Partial<ConsolePorts> as ConsolePorts
  const { routes } = createApi({ ports, cells: ['main'], allowRepair: false })
  const search = (query: Record<string, string>) =>
    routes.request(`/main/search?${new URLSearchParams(query)}`)
  return { asked, search }
}

const northwind: ListedNotification = {
  ...{ createdAt: '2026-11-28T10:00:00.000Z', state: 'SENT' },
  ...{ eventType: 'task.create', eventId: '1' },
}

const mark = '2026-11-28T10:00:00.000Z#0123456789ab'

describe('a search', () => {
  it('asks for what was typed, in the form that the table has', async () => {
    const { asked, search } = api()
    const filters = { type: 'task.create', state: 'SENT', channel: 'email' }
    const query = { tenant: 'acme', words: ' договор  42 ', person: 'Ivanov', ...filters }
    const from = '2026-11-28T10:00:00Z'
    expect((await search({ ...query, from, before: mark })).status).toBe(200)
    const words = ['договор', '42']
    const filter = { words, username: 'ivanov', eventType: 'task.create', from: mark.slice(0, 24) }
    expect(asked).toEqual([['main', 'acme', { ...filter, state: 'SENT', channel: 'email' }, mark]])
  })

  it('asks for what waits for another try', async () => {
    const { asked, search } = api()
    await search({ tenant: 'acme', state: 'RETRIED' })
    expect(asked).toEqual([['main', 'acme', { state: 'WAIT_FOR_DISPATCH', isRetried: true }]])
  })

  it('begins at the end of its time range, unless it goes on', async () => {
    const { asked, search } = api()
    const to = '2026-11-28T12:00:00.000Z'
    await search({ tenant: 'acme', to })
    await search({ tenant: 'acme', to, before: mark })
    expect(asked.map(([, , , before]) => before)).toEqual([to, mark])
  })

  it('without a tenant asks for those of the cell, with the same limits', async () => {
    const tenants = ['acme', 'globex']
    const { asked, search } = api(tenants)
    expect((await search({ words: 'anna northwind' })).status).toBe(200)
    expect(asked).toEqual([['main', tenants, { words: ['anna', 'northwind'] }]])
    expect((await search({ words: 'x'.repeat(301) })).status).toBe(400)
    expect(asked).toHaveLength(1)
  })

  it('without a tenant asks the one that a word names, and all if that has nothing', async () => {
    const all = ['acme', 'globex']
    const found = api(all, [northwind])
    const answer = await found.search({ words: 'anna Globex' })
    expect(await answer.json()).toMatchObject({ notifications: [northwind], only: ['globex'] })
    expect(found.asked.map(([, tenants]) => tenants)).toEqual([['globex']])
    const none = api(all)
    expect(await (await none.search({ words: 'anna globex' })).json()).not.toHaveProperty('only')
    expect(none.asked.map(([, tenants]) => tenants)).toEqual([['globex'], ['acme', 'globex']])
  })

  it('stays with the tenant that a word names where its pages end', async () => {
    const asked: Asked[] = []
    const ports = {
      tenants: async () => ['acme', 'globex'],
      async searchTenants(...question: Asked) {
        asked.push(question)
        const [, tenants, , before] = question
        const isLater = tenants.length === 1 && before === mark
        return { notifications: isLater ? [] : [northwind], unfinished: [], notAsked: 0 }
      },
    } as Partial<ConsolePorts> as ConsolePorts
    const { routes } = createApi({ ports, cells: ['main'], allowRepair: false })
    const to = '2026-11-28T12:00:00.000Z'
    const query = new URLSearchParams({ words: 'anna globex', to, before: mark })
    const answer = await routes.request(`/main/search?${query}`)
    // Those of the others that are newer were on no page.
    expect(await answer.json()).toMatchObject({ notifications: [], only: ['globex'] })
    expect(asked.map(([, tenants, , before]) => [tenants, before])).toEqual([
      [['globex'], mark],
      [['globex'], to],
    ])
  })

  it('without a tenant says so if those of the cell are not known', async () => {
    const { routes } = createApi({
      ports: { tenants: async () => undefined } as Partial<ConsolePorts> as ConsolePorts,
      ...{ cells: ['main'], allowRepair: false },
    })
    const answer = await routes.request('/main/search?words=anna')
    expect(await answer.json()).toMatchObject({ code: 'missing-variable' })
  })

  it.each([
    ['an empty tenant', { tenant: ' ' }],
    ['a type that is none', { tenant: 'acme', type: 'task.unknown' }],
    ['a state that is none', { tenant: 'acme', state: 'sent' }],
    ['a channel that is none', { tenant: 'acme', channel: 'fax' }],
    ['a time that is none', { tenant: 'acme', from: 'yesterday' }],
    ['a place that is none', { tenant: 'acme', before: 'acme' }],
    ['words without end', { tenant: 'acme', words: 'x'.repeat(301) }],
  ])('is refused with %s', async (_, query) => {
    const { asked, search } = api()
    const answer = await search(query as Record<string, string>)
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid-request' }),
    ])
    expect(asked).toEqual([])
  })
})

describe('a notification', () => {
  const one: ListedNotification = {
    createdAt: '2026-11-28T10:00:00.000Z',
    state: 'SENT',
    eventType: 'task.create',
    eventId: '3f2504e0-4f89-11d3',
    notificationId: 'a7c3'.repeat(16),
    username: 'ivanov',
    channel: 'email',
    subject: 'activiti$1007',
    about: { task: 'Согласовать договор', document: 'Договор № 42', record: 'emodel/contract@7' },
  }
  it.each<[string, NotificationFilter, boolean]>([
    ['a word of the task, in any case', { words: ['СОГЛАСОВАТЬ'] }, true],
    ['words of task and document', { words: ['42', 'согласовать'] }, true],
    ['a word that it has not', { words: ['42', 'счёт'] }, false],
    ['the record', { words: ['emodel/contract@7'] }, true],
    ['the task', { words: ['activiti$1007'] }, true],
    ['a short id of the event', { words: ['3f2504'] }, true],
    ['a short id of the notification', { words: ['a7c3a7'] }, true],
    ['the person', { words: ['ivanov'] }, true],
    ['another channel', { channel: 'sms' }, false],
    ['another type', { eventType: 'task.assign' }, false],
    ['its own time', { from: one.createdAt }, true],
    ['a later time', { from: '2026-11-28T10:00:00.001Z' }, false],
  ])('is found by what is known of it: %s', (_, filter, found) => {
    expect(matches(one, filter)).toBe(found)
  })

  it('tells the words that nothing has, among what matches otherwise', () => {
    const filter = { words: ['Договор', 'northwind', '42'], channel: 'email' }
    expect(wordsLeft(filter.words, one, filter)).toEqual(['northwind'])
    expect(wordsLeft(filter.words, one, { ...filter, channel: 'sms' })).toEqual(filter.words)
  })
})
