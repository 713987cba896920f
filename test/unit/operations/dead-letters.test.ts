import { describe, expect, test } from '@jest/globals'
import { type DeadLetter, readLetter } from '../../../lib/operations/dead-letter.ts'
import { lookAt, repair } from '../../../lib/operations/dead-letters.ts'
import type { LetterBox } from '../../../lib/operations/letter-box.ts'
import { groupLetters, selectsAll } from '../../../lib/operations/selection.ts'
import { identified } from '../../../local/demo/events-file.ts'

const sentAt = new Date('2026-11-25T00:00:00Z')
const letter = (id: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  queue: 'ecos-main-task-create-dlq',
  kind: 'event',
  messageId: id,
  sentAt,
  tenant: 'acme',
  type: 'task.create',
  body: '{}',
  ...more,
})

/** A box in memory that records what happens to each letter. */
function boxOf(letters: readonly DeadLetter[]) {
  const fates = new Map<string, string[]>()
  const note = (id: string, fate: string) => void fates.set(id, [...(fates.get(id) ?? []), fate])
  const box: LetterBox = {
    name: 'ecos-main-task-create-dlq',
    kind: 'event',
    depth: async () => letters.length,
    async *take(limit, signal) {
      for (const one of letters.slice(0, limit)) {
        if (signal?.aborted) return
        const { messageId } = one
        yield {
          ...one,
          release: async () => note(messageId, 'released'),
          remove: async () => note(messageId, 'removed'),
          sendBack: async () => note(messageId, 'sent'),
        }
      }
    },
  }
  return { box, fates }
}

const noReason = async () => undefined
const running = { perSecond: 1000, signal: new AbortController().signal, onProgress() {} }

describe('looking at a box', () => {
  test('leaves everything as it was, and says whether there is more', async () => {
    const { box, fates } = boxOf([letter('1'), letter('2', { tenant: 'globex' }), letter('3')])
    const look = await lookAt(box, { tenant: 'acme' }, noReason, { limit: 2 })
    expect(look.letters.map(({ messageId }) => messageId)).toEqual(['1'])
    expect(look).toMatchObject({ depth: 3, more: true })
    expect([...fates]).toEqual([
      ['1', ['released']],
      ['2', ['released']],
    ])
  })

  test('that is interrupted releases what it took, and does not say that it saw all', async () => {
    const stop = new AbortController()
    const { box, fates } = boxOf([letter('1'), letter('2')])
    const interrupted: LetterBox = {
      ...box,
      async *take(limit, signal) {
        for await (const one of box.take(limit, signal)) {
          yield one
          stop.abort()
        }
      },
    }
    const { letters, more } = await lookAt(interrupted, {}, noReason, {
      limit: 10,
      signal: stop.signal,
    })
    expect([letters.length, more]).toEqual([1, true])
    expect([...fates]).toEqual([['1', ['released']]])
  })

  test('releases what it took when a reason can not be read', async () => {
    const { box, fates } = boxOf([letter('1')])
    await expect(
      lookAt(box, {}, () => Promise.reject(new Error('no table')), { limit: 10 }),
    ).rejects.toThrow('no table')
    expect(fates.get('1')).toEqual(['released'])
  })
})

test('who names messages by their ids does not mean all', () => {
  expect(selectsAll({})).toBe(true)
  expect(selectsAll({ messageIds: new Set(['1']) })).toBe(false)
})

describe('redriving', () => {
  const act = (one: { sendBack(): Promise<void> }) => one.sendBack()

  test.each([
    ['tenant', { tenant: 'acme' }, ['1', '3']],
    ['type', { type: 'task.delete' }, ['3']],
    ['reason', { reason: 'timeout' }, ['2']],
    ['id of the event', { id: 'e-3' }, ['3']],
    ['id of the message', { id: '2' }, ['2']],
    ['start of an id', { id: 'event-' }, ['2']],
    ['start of an id that is too short', { id: 'event' }, []],
    ['time', { to: sentAt }, [] as string[]],
    ['time that includes its start', { from: sentAt }, ['1', '2', '3']],
    ['nothing: all', {}, ['1', '2', '3']],
  ])(
    'by %s: what is selected is sent, then removed; the rest is released',
    async (_, selection, sent) => {
      const letters = [
        letter('1'),
        letter('2', { tenant: 'globex', reason: 'smtp timeout', eventId: 'event-2' }),
        letter('3', { type: 'task.delete', eventId: 'e-3' }),
      ]
      const { box, fates } = boxOf(letters)
      expect(await repair(box, selection, noReason, { act, ...running })).toBe(sent.length)
      for (const { messageId } of letters) {
        expect(fates.get(messageId)).toEqual(
          sent.includes(messageId) ? ['sent', 'removed'] : ['released'],
        )
      }
    },
  )

  test('what fails to be sent stays, and what follows too', async () => {
    const { box, fates } = boxOf([letter('1'), letter('2'), letter('3')])
    const failing = async (one: { messageId: string; sendBack(): Promise<void> }) => {
      if (one.messageId === '2') throw new Error('the queue is gone')
      await one.sendBack()
    }
    await expect(repair(box, {}, noReason, { act: failing, ...running })).rejects.toMatchObject({
      code: 'letter-stuck',
      message: 'The message 2 stays in ecos-main-task-create-dlq: the queue is gone',
    })
    expect([...fates]).toEqual([
      ['1', ['sent', 'removed']],
      ['2', ['released']],
    ])
  })

  test('an interruption ends it after a whole message', async () => {
    const { box, fates } = boxOf([letter('1'), letter('2')])
    const stop = new AbortController()
    const stopping = async (one: { sendBack(): Promise<void> }) => {
      await one.sendBack()
      stop.abort()
    }
    expect(
      await repair(box, {}, noReason, { ...running, act: stopping, signal: stop.signal }),
    ).toBe(1)
    expect([...fates]).toEqual([['1', ['sent', 'removed']]])
  })

  test('what came back since the start is left for another run', async () => {
    const { box, fates } = boxOf([letter('1', { sentAt: new Date(Date.now() + 60_000) })])
    expect(await repair(box, {}, noReason, { act, ...running })).toBe(0)
    expect(fates.get('1')).toEqual(['released'])
  })
})

describe('a letter says what it is about', () => {
  const resting = (body: unknown, attributes = {}) => ({
    queue: 'q',
    messageId: '1',
    sentAt,
    body: JSON.stringify(body),
    attributes,
  })

  test('an event, with why its rule could not deliver it', () => {
    const detail = { tenantid: 'acme', type: 'task.create', id: 'e-1', data: {} }
    expect(
      readLetter('event', resting({ detail }, { ERROR_CODE: 'NO_PERMISSIONS' })),
    ).toMatchObject({
      tenant: 'acme',
      type: 'task.create',
      eventId: 'e-1',
      reason: 'rule: NO_PERMISSIONS',
    })
  })

  test('an event, of the tenant that may send with its source, whatever tenant its detail names', () => {
    const detail = { tenantid: 'beta', type: 'task.create', id: 'e-1', data: {} }
    const refused = { ECOS_ERROR_CODE: 'tenant-mismatch', ECOS_ERROR_MESSAGE: 'it differs' }
    expect(readLetter('event', resting({ source: 'ecos.acme', detail }, refused))).toMatchObject({
      tenant: 'acme',
      type: 'task.create',
      eventId: 'e-1',
      // Not what the table has of that event of the other tenant.
      reason: 'tenant-mismatch: it differs',
    })
    expect(readLetter('event', resting({ source: 'ecos.beta', detail })).tenant).toBe('beta')
    const foreign = readLetter('event', resting({ source: 'my.app', detail }, refused))
    expect(foreign).toMatchObject({ type: 'task.create', reason: 'tenant-mismatch: it differs' })
    expect(foreign.tenant).toBeUndefined()
  })

  test('a notification, a quarantined message and one that is left at the broker', () => {
    const ids = { tenant: 'acme', eventType: 'task.create', eventId: 'e-1', notificationId: 'n-1' }
    expect(readLetter('notification', resting(ids))).toMatchObject({
      type: 'task.create',
      notificationId: 'n-1',
    })
    const record = { tenant: 'acme', reason: 'not-json', routingKey: 'task.create' }
    expect(readLetter('quarantined', resting(record))).toMatchObject({
      reason: 'not-json',
      type: 'task.create',
    })
    expect(
      readLetter('message', resting({ data: { type: 'task.create', id: '7' } })),
    ).toMatchObject({
      type: 'task.create',
      eventId: '7',
    })
  })

  test.each([7, true, {}, ''])('one whose own id is %j has the type of its body', (id) => {
    const sent = { data: { type: 'task.create', id } }
    expect(readLetter('message', resting(sent))).toMatchObject({ type: 'task.create' })
    const body = Buffer.from(JSON.stringify(sent)).toString('base64')
    const record = { tenant: 'acme', reason: 'too-deep', body }
    expect(readLetter('quarantined', resting(record)).type).toBe('task.create')
  })

  test('one that was sent back has the type of its body, not the name of its queue', () => {
    const queue = 'tenant.acme.eventbridge'
    const body = Buffer.from('{"data":{"type":"task.create"}}').toString('base64')
    const record = { tenant: 'acme', reason: 'too-deep', queue, routingKey: queue, body }
    expect(readLetter('quarantined', resting(record)).type).toBe('task.create')
  })

  test('a quarantined message has the event id that its producer wrote, where it can be read', () => {
    const record = (sent: string) => ({
      tenant: 'acme',
      reason: 'type-mismatch',
      body: Buffer.from(sent).toString('base64'),
    })
    const sent = JSON.stringify({ data: { type: 'task.assign', id: 'e1' } })
    expect(readLetter('quarantined', resting(record(sent))).eventId).toBe('e1')
    expect(readLetter('quarantined', resting(record('{rubbish'))).eventId).toBeUndefined()
  })

  test('a quarantined message without an id has the one that the demo and a redrive give it', () => {
    const [tenant, routingKey, body] = ['acme', 'task.create', '{data={type=task.create}}']
    const record = { tenant, routingKey, reason: 'not-json' }
    const letter = readLetter(
      'quarantined',
      resting({ ...record, body: Buffer.from(body).toString('base64') }),
    )
    const properties = {}
    const sample = { line: 1, tenant, exchange: 'tenant.acme.events', routingKey, properties, body }
    expect(letter).toMatchObject({ type: routingKey, eventId: identified(sample).eventId })
    expect(readLetter('quarantined', resting({ ...record, bodyref: 's3://b/k' })).eventId).toBe(
      undefined,
    )
  })

  test('a type in the body that is not that of the routing key changes neither word', () => {
    const [tenant, routingKey] = ['acme', 'task.create']
    const body = '{"data":{"type":"task.assign","id":"e1"}}'
    const record = { tenant, routingKey, reason: 'type-mismatch' }
    const letter = readLetter(
      'quarantined',
      resting({ ...record, body: Buffer.from(body).toString('base64') }),
    )
    const properties = {}
    const sample = { line: 1, tenant, exchange: 'tenant.acme.events', routingKey, properties, body }
    const { type, eventId } = identified(sample)
    expect(letter).toMatchObject({ type, eventId })
    expect({ type, eventId }).toEqual({ type: 'task.create', eventId: 'e1' })
  })

  test.each(['event', 'notification', 'quarantined', 'message'] as const)(
    'what is no %s is still there, whole',
    (kind) => {
      const { tenant, body } = readLetter(kind, { ...resting(0), body: 'rubbish' })
      expect([tenant, body]).toEqual([undefined, 'rubbish'])
    },
  )

  test('groups: the most first, with the oldest of each', () => {
    const later = new Date('2026-11-26T00:00:00Z')
    const groups = groupLetters([
      letter('1', { tenant: 'globex' }),
      letter('2', { sentAt: later, eventId: 'e2', reason: 'template-failed: line 3' }),
      letter('3', { reason: 'template-failed: line 5' }),
    ])
    expect(groups).toMatchObject([
      {
        cause: 'template-failed',
        tenant: 'acme',
        count: 2,
        oldest: sentAt,
        newest: later,
        reason: 'template-failed: line 3',
        id: 'e2',
      },
      { cause: 'unknown', tenant: 'globex', count: 1 },
    ])
  })

  test('one cause is one group, whatever ids its letters name', () => {
    const letters = Array.from({ length: 150 }, (_, at) =>
      letter(`m${at}`, { reason: `SMTP 550: no mailbox <user-${at}@acme.example> (${1e6 + at})` }),
    )
    const groups = groupLetters(letters)
    expect(groups.map(({ cause, count }) => [cause, count])).toEqual([
      ['SMTP 550: no mailbox … (…)', 150],
    ])
  })
})
