import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from '@jest/globals'
import { createApi } from '../../../console/server/api.ts'
import type { Outlook } from '../../../console/server/outlook.ts'
import type { ConsolePorts } from '../../../console/server/ports.ts'
import { createSamples } from '../../../console/server/samples.ts'
import { createShelf } from '../../../console/server/shelf.ts'
import type { LetterView } from '../../../console/server/shelf-routes.ts'
import type { ShelfView } from '../../../console/server/shelf-view.ts'
import type { AuditRecord } from '../../../lib/operations/audit.ts'
import { type DeadLetter, readLetter } from '../../../lib/operations/dead-letter.ts'
import type { LetterBox } from '../../../lib/operations/letter-box.ts'
import type { Group } from '../../../lib/operations/selection.ts'

const envelope = (tenantid: string, id: string, data: object) => ({
  ...{ specversion: '1.0', id, type: 'task.create', tenantid, data },
  ...{ source: `/ecos/tenants/${tenantid}`, datacontenttype: 'application/json' },
})
const event = (tenant: string, id: string, data: object) =>
  JSON.stringify({
    ...{ source: `ecos.${tenant}`, 'detail-type': 'task.create' },
    detail: envelope(tenant, id, data),
  })

const queue = 'ecos-main-task-create-dlq'

/** The newest comes last. */
function letterOf(at: number, tenant = 'acme', data: object = { taskTitle: `Договор ${at}` }) {
  const body = event(tenant, `e${at}`, { type: 'task.create', ...data })
  const sentAt = new Date(Date.UTC(2026, 0, 1) + at * 1000)
  const queued = { queue, messageId: `m${at}`, sentAt, body, attributes: {} }
  return readLetter('event', queued)
}

function setUp(letters: readonly DeadLetter[], reason = 'killed-handler: of event 4711') {
  const sent: string[] = []
  const records: AuditRecord[] = []
  let reads = 0
  const box: LetterBox = {
    ...{ name: queue, kind: 'event' },
    depth: async () => letters.length,
    async *take(limit) {
      reads += 1
      for (const letter of letters.slice(0, limit)) {
        const sendBack = async () => void sent.push(letter.messageId)
        yield { ...letter, release: async () => {}, remove: async () => {}, sendBack }
      }
    },
  }
  const ports = {
    withLetters: async (_, work) =>
      work({ boxes: [box], reasonOf: async () => reason, problems: [] }),
    enabledTypes: async () => [{ tenant: 'acme', type: 'task.create' }],
    stories: async (_, [pair], eventId) => [
      {
        ...{ tenant: pair?.tenant ?? '', eventType: 'task.create', eventId, notifications: [] },
        ...(eventId === 'passed' && {
          handled: { state: 'HANDLED', recipients: 1, notifications: 1, handledAt: '' },
        }),
      },
    ],
    tap: async () => ({ take: async () => [], remove: async () => {} }),
    audit: async () => ({
      book: { put: async (record) => void records.push(record) },
      who: async () => ({ user: 'ann@desk', identity: 'arn', via: 'console' }),
      log: () => undefined,
      list: async () => ({ records: records.toReversed() }),
    }),
  } as Partial<ConsolePorts> as ConsolePorts
  const { routes } = createApi({ ports, cells: ['main'], allowRepair: true })
  const get = async <T>(path: string, query: Record<string, string> = {}): Promise<T> => {
    const answer = await routes.request(`/main/${path}?${new URLSearchParams(query)}`)
    return (await answer.json()) as T
  }
  /** Asks until the queues are read. */
  const list = async (query: Record<string, string> = {}) => {
    for (;;) {
      const view = await get<ShelfView>('shelf', { since: '1', ...query })
      if (!view.isReading) return view
      await setImmediate()
    }
  }
  const redrive = (order: object) =>
    routes.request('/main/redrive', { method: 'POST', body: JSON.stringify(order) })
  return { ports, get, list, redrive, sent, records, reads: () => reads }
}

const many = (count: number, tenant = 'acme') =>
  Array.from({ length: count }, (_, at) => letterOf(at, tenant))

describe('the shelf of dead letters', () => {
  it('is read once, and paged and filtered from then on, the newest first', async () => {
    const { list, reads } = setUp([...many(120), letterOf(500, 'globex')])
    const first = await list()
    expect(first).toMatchObject({ read: 121, matching: 121, start: 0, more: false, problems: [] })
    expect(first.letters).toHaveLength(50)
    expect(first.letters[0]).toMatchObject({ messageId: 'm500', cause: 'killed-handler' })
    expect(first.letters[0]).not.toHaveProperty('body')
    expect(first.groups).toMatchObject([
      { tenant: 'acme', type: 'task.create', cause: 'killed-handler', count: 120 },
      { tenant: 'globex', count: 1 },
    ])
    const last = await list({ whose: 'acme', start: '100' })
    expect(last.letters).toHaveLength(20)
    expect(last.letters.at(-1)).toMatchObject({ messageId: 'm0' })
    expect(await list({ words: 'ДОГОВОР 119' })).toMatchObject({
      matching: 1,
      letters: [{ messageId: 'm119' }],
    })
    expect(await list({ type: 'task.delete' })).toMatchObject({ matching: 0, start: 0 })
    expect(await list({ queue: 'ecos-main-quarantine' })).toMatchObject({ matching: 0, groups: [] })
    expect(await list({ queue })).toMatchObject({ matching: 121, groups: first.groups })
    expect(reads()).toBe(1)
    await list({ since: '2' })
    expect(reads()).toBe(2)
  })

  it('counts by cause first, and has the groups of the one that is opened', async () => {
    const other = (at: number) => ({ ...letterOf(at, 'globex'), reason: 'no-template: x' })
    const { list } = setUp([...many(3), ...many(2, 'globex'), other(700), other(800)])
    const { byCause, groups } = await list({ opened: 'no-template' })
    expect(byCause).toMatchObject([
      { cause: 'killed-handler', count: 5, tenants: 2, types: ['task.create'], moreTypes: 0 },
      { cause: 'no-template', count: 2, tenants: 1, newest: letterOf(800).sentAt.toISOString() },
    ])
    expect(groups).toMatchObject([{ tenant: 'globex', cause: 'no-template', count: 2 }])
    expect((await list({ tenant: 'acme', opened: 'no-template' })).groups).toEqual([])
  })

  it('is filtered by a queue, with the cell’s prefix or without', async () => {
    const quarantined = { ...letterOf(7), queue: 'ecos-main-quarantine', reason: 'not-json' }
    const { list } = setUp([...many(2), quarantined])
    expect((await list()).allQueues).toEqual(['quarantine', 'task-create-dlq'])
    for (const name of ['quarantine', 'ecos-main-quarantine'])
      expect(await list({ queue: name })).toMatchObject({
        ...{ matching: 1, byCause: [{ cause: 'not-json' }], allCauses: ['not-json'] },
        allQueues: ['quarantine', 'task-create-dlq'],
      })
  })

  it('is filtered by several queues: those of a pool and its bypass', async () => {
    const [pool, bypass] = ['cell.main.p00.dead-letter', 'cell.main.p00.bypass.dead-letter']
    const at = [pool, bypass].map((name, at) => ({ ...letterOf(at + 5), queue: String(name) }))
    const { list } = setUp([...many(2), ...at])
    const { matching, letters } = await list({ queue: `${pool},${bypass}` })
    expect([matching, letters.map(({ queue }) => queue)]).toEqual([2, [bypass, pool]])
    expect(await list({ queue: `task-create-dlq,${bypass}` })).toMatchObject({ matching: 3 })
  })

  it('has the letters of an event as they were read last, without reading the queues', async () => {
    const { list, get, reads } = setUp(many(3))
    expect(await get('shelf/about', { id: 'e1' })).toEqual({ letters: [] })
    const { at } = await list()
    expect(await get('shelf/about', { id: 'e1' })).toMatchObject({
      at,
      letters: [{ queue, messageId: 'm1', eventId: 'e1', body: letterOf(1).body }],
    })
    expect(await get('shelf/about', { id: 'e1', tenant: 'acme' })).toMatchObject({
      letters: [{ messageId: 'm1' }],
    })
    expect(await get('shelf/about', { id: 'e1', tenant: 'globex' })).toMatchObject({ letters: [] })
    expect(reads()).toBe(1)
  })

  it('says when the reading began and when it ended', async () => {
    const { list } = setUp(many(1))
    const { at = '', until = '' } = await list()
    expect(Date.parse(until)).toBeGreaterThanOrEqual(Date.parse(at))
  })

  it('keeps what it reads within bounds, and says what is cut', async () => {
    const letters = [letterOf(1, 'acme', { text: 'x'.repeat(30_000) }), letterOf(2)]
    const { list, get } = setUp(letters)
    await list()
    const { letter, ...more } = await get<LetterView>('shelf/letter', { queue, message: 'm1' })
    expect([letter.body.length, letter.isCut]).toEqual([20_000, true])
    // The rest of it is unknown: it is neither tried nor compared.
    expect(more).toEqual({})
  })

  it('keeps no more of long letters in memory than it shows', async () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const { ports } = setUp([])
    const box: LetterBox = {
      ...{ name: queue, kind: 'event' },
      depth: async () => 100,
      async *take() {
        for (let at = 0; at < 100; at += 1) {
          const body = Buffer.alloc(1_000_000, 'x').toString()
          const nothing = async () => {}
          const acts = { release: nothing, remove: nothing, sendBack: nothing }
          yield { ...letterOf(at), body, ...acts }
        }
      },
    }
    const shelf = createShelf('main', {
      withLetters: (cell, work) =>
        ports.withLetters(cell, (others) => work({ ...others, boxes: [box] })),
    })
    collect()
    const before = process.memoryUsage().heapUsed
    shelf.readSince(1)
    await shelf.settled()
    collect()
    expect(shelf.state().read).toBe(100)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000)
    expect(shelf.matching({})[0]?.body).toHaveLength(20_000)
  })

  it('lists the rest if one queue can not be read, and says which', async () => {
    const { ports } = setUp(many(1))
    const shelf = createShelf('main', {
      withLetters: (cell, work) =>
        ports.withLetters(cell, ({ boxes, ...others }) => {
          const denied = async () =>
            Promise.reject(Object.assign(new Error(), { name: 'AccessDenied' }))
          const [box] = boxes
          return work({
            ...others,
            boxes: box ? [{ ...box, name: 'other', depth: denied }, box] : [],
          })
        }),
    })
    shelf.readSince(1)
    await shelf.settled()
    expect(shelf.state()).toMatchObject({ read: 1, problems: [{ part: 'other', kind: 'denied' }] })
  })

  it('sends a group back on record, and forgets what is gone', async () => {
    const { list, redrive, sent, records } = setUp([...many(2), letterOf(9, 'globex')])
    const { groups, at } = await list()
    const [{ tenant: whose, type, cause, count }] = groups as [Group]
    const filter = { whose, type, cause }
    await (await redrive({ filter, count, at })).text()
    expect(sent).toEqual(['m0', 'm1'])
    expect(await list()).toMatchObject({ matching: 1, letters: [{ messageId: 'm9' }] })
    expect(records.at(-1)).toMatchObject({
      ...{ action: 'letters.redrive', tenant: 'acme', eventType: 'task.create' },
      ...{ cause: 'killed-handler', wanted: 2, done: 2, outcome: 'done' },
    })
  })

  it('sends nothing if other letters match than were confirmed', async () => {
    const { list, redrive, sent } = setUp(many(3))
    const { at } = await list()
    const answer = await redrive({ filter: { whose: 'acme' }, count: 2, at })
    expect([answer.status, await answer.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'letters-changed' }),
    ])
    expect(sent).toEqual([])
    expect((await redrive({ filter: {}, count: 0, at })).status).toBe(400)
  })

  it('sends nothing if the queues were read anew since: other letters may be as many', async () => {
    const { list, redrive, sent } = setUp(many(3))
    const { matching: count } = await list()
    const at = '2026-01-01T00:00:00.000Z'
    expect((await redrive({ filter: {}, count, at })).status).toBe(409)
    expect(sent).toEqual([])
  })

  it.each([
    ['a tenant with spaces', { tenant: ' acme ' }],
    ['an empty tenant', { tenant: '' }],
    ['a long tenant', { tenant: 'x'.repeat(400) }],
    ['an empty type', { type: '' }],
    ['a long type', { type: 'y'.repeat(400) }],
    ['half a character', { type: '\ud800' }],
    ['an empty reason', { reason: ' ' }],
    ['a cause that is cut at a space', { reason: `${'w'.repeat(119)} and more` }],
    ['HTML', { tenant: '<script>', type: '"><b>', reason: '<i onload=x>' }],
    ['a name of Object', { tenant: '__proto__', type: 'constructor' }],
  ])('has the letters of the group that is chosen, with %s', async (_, odd) => {
    const { list } = setUp([
      { ...letterOf(1), ...odd },
      { ...letterOf(2), reason: 'other' },
    ])
    const { groups } = await list()
    expect(groups).toHaveLength(2)
    for (const { tenant: whose, type, cause } of groups)
      expect(await list({ whose, type, cause })).toMatchObject({ matching: 1 })
  })

  it('warns of letters that have come back, and of those that fail in a trial', async () => {
    // One was sent after the redrive, as far as the clock goes.
    const { list, get, redrive } = setUp([letterOf(2e9), letterOf(1)])
    const { groups, at } = await list()
    const filter = { whose: 'acme', type: 'task.create', cause: String(groups[0]?.cause) }
    expect(await get<Outlook>('shelf/outlook', filter)).toEqual({ tried: 2, failing: [] })
    await (await redrive({ filter: { ...filter, words: 'Договор 1"' }, count: 1, at })).text()
    expect(await get<Outlook>('shelf/outlook', filter)).toMatchObject({
      before: { user: 'ann@desk', count: 1 },
    })
    expect(await get<Outlook>('shelf/outlook', { ...filter, cause: 'other' })).not.toHaveProperty(
      'before',
    )
    const broken = setUp([{ ...letterOf(1), body: 'no JSON' }])
    await broken.list()
    expect(await broken.get<Outlook>('shelf/outlook')).toEqual({
      tried: 1,
      failing: [{ why: 'letter', code: 'invalid-event', count: 1 }],
    })
  })
})

describe('one letter', () => {
  it('is compared with an event of its tenant and type that was handled', async () => {
    const samples = createSamples()
    samples.add(event('acme', 'passed', { type: 'task.create', taskTitle: 'x', docId: 'd' }))
    samples.add(event('acme', 'failed too', { other: 1 }))
    samples.add(event('globex', 'passed', { other: 1 }))
    samples.add('no JSON')
    expect(samples.of('acme', 'task.create').map(({ eventId }) => eventId)).toEqual([
      'failed too',
      'passed',
    ])
    const { list, get, ports } = setUp([letterOf(1)])
    await list()
    // Without an event that passed, the type's example is there to compare with.
    const { comparison } = await get<LetterView>('shelf/letter', { queue, message: 'm1' })
    expect(comparison).toMatchObject({ with: 'example' })
    const fields = comparison?.differences.map(({ field }) => field)
    expect(fields).toContain('docId')
    const tapped = {
      ...ports,
      withLetters: ports.withLetters,
      tap: async () => ({
        take: async () => [
          event('acme', 'passed', { type: 'task.create', taskTitle: 'x', docId: 'd' }),
          event('acme', 'failed too', { other: 1 }),
        ],
        remove: async () => {},
      }),
      queues: async () => [],
      backlogs: async () => undefined,
    } as ConsolePorts
    const api = createApi({ ports: tapped, cells: ['main'], allowRepair: false })
    const ask = async <T>(path: string) =>
      (await (await api.routes.request(`/main/${path}`)).json()) as T
    const live = await api.routes.request('/main/live')
    await live.body?.getReader().read()
    while ((await ask<ShelfView>('shelf?since=1')).isReading) await setImmediate()
    const view = await ask<LetterView>(
      `shelf/letter?${new URLSearchParams({ queue, message: 'm1' })}`,
    )
    await api.close()
    expect(view.comparison).toMatchObject({
      ...{ with: 'event', eventId: 'passed' },
      differences: [{ field: 'docId', what: 'missing', kind: 'text' }],
    })
  })

  it('that is gone says so', async () => {
    const { get } = setUp([])
    expect(await get<LetterView>('shelf/letter', { queue, message: 'm1' })).toMatchObject({
      code: 'letter-gone',
    })
  })
})
