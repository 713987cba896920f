import { Logger } from '@aws-lambda-powertools/logger'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Context, SQSRecord } from 'aws-lambda'
import { messageOf } from '../../../lib/errors.ts'
import { onEcosEvent, withAttributes } from '../../../lib/index.ts'
import { everyTime, type Once } from '../../../lib/queue-function/once.ts'
import { queueFunction } from '../../../lib/queue-function/queue-function.ts'
import { doublingRetry } from '../../../lib/queue-function/retry-wait.ts'
import { tenantConsumer } from '../../../lib/tenant-functions/consumer.ts'
import type { EventHandlers, TenantEvent } from '../../../lib/tenant-functions/handlers.ts'

const lambda = { functionName: 'f', awsRequestId: 'r1' } as Context
const task = { type: 'task.create', taskTitle: 'Счёт', taskPooledUsers: ['ivanov'] }

/** An event of the bus as a rule puts it into a queue. */
function record(id: string, detail: object = {}, bus: object = {}): SQSRecord {
  const body = {
    source: 'ecos.acme',
    'detail-type': 'task.create',
    ...bus,
    detail: {
      specversion: '1.0',
      id,
      source: '/ecos/tenants/acme',
      type: 'task.create',
      tenantid: 'acme',
      datacontenttype: 'application/json',
      data: task,
      ...detail,
    },
  }
  const attributes = { ApproximateReceiveCount: '3' }
  return { messageId: id, body: JSON.stringify(body), attributes } as SQSRecord
}

/** Lines that the log wrote, as they would stand in CloudWatch. */
let lines: Record<string, unknown>[]
beforeEach(() => {
  lines = []
  // Otherwise the log writes past the console that is spied on.
  process.env['POWERTOOLS_DEV'] = 'true'
  for (const level of ['info', 'warn', 'error', 'log', 'debug'] as const) {
    jest.spyOn(console, level).mockImplementation((line) => void lines.push(JSON.parse(line)))
  }
})
afterEach(() => {
  jest.restoreAllMocks()
})

/** The tenant acme's function, of which each event that fails is the third of three tries. */
function setUp(handlers: EventHandlers, once: Once = everyTime) {
  const log = new Logger()
  const load = async (reference: string) => JSON.stringify({ ...task, taskComment: reference })
  const invoke = queueFunction(
    tenantConsumer(handlers, { tenant: 'acme', log, payloads: { load }, once }),
    { log, retry: doublingRetry(3, 1), postpone: async () => undefined, explain: messageOf },
  )
  return async (...Records: SQSRecord[]) => {
    const { batchItemFailures } = await invoke({ Records }, lambda)
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)
  }
}

describe('an event of the tenant', () => {
  it('comes with the attributes that the handler asked for, and no others', async () => {
    const seen: unknown[] = []
    const run = setUp({
      'task.create': withAttributes(['case.title?disp', 'author.email'], async (event) => {
        const assignee: string | null = event.data.assignee
        // @ts-expect-error: it has not asked for this
        const foreign = event.attributes['sum']
        // @ts-expect-error: they are beside the data
        seen.push([event.id, assignee, event.attributes, foreign, event.data.attributes])
      }),
    })
    const attributes = { 'case.title': 'Lease', sum: 7 }
    expect(await run(record('e1', { data: { ...task, attributes } }), record('e2'))).toEqual([])
    expect(seen).toEqual([
      ['e1', null, { 'case.title?disp': 'Lease', 'author.email': null }, undefined, undefined],
      ['e2', null, { 'case.title?disp': null, 'author.email': null }, undefined, undefined],
    ])
  })

  it('comes to the handler of its type, read and typed', async () => {
    const seen: TenantEvent[] = []
    const run = setUp({
      'task.create': async (event) => {
        const assignee: string | null = event.data.assignee
        seen.push({ ...event, subject: `${event.subject} of ${assignee}` })
      },
      'record.create': async (event) => {
        // @ts-expect-error: a record has no assignee of its own
        seen.push(event.data.taskTitle.length)
      },
    })
    const about = { time: '2016-12-02T00:00:00.000Z', subject: 'workspace://1' }
    expect(await run(record('e1', about))).toEqual([])
    expect(seen).toEqual([
      {
        id: 'e1',
        type: 'task.create',
        tenant: 'acme',
        time: '2016-12-02T00:00:00.000Z',
        subject: 'workspace://1 of null',
        // A field that the producer left out is null, as its type says.
        data: expect.objectContaining({ ...task, assignee: null, taskAttachments: [] }),
      },
    ])
  })

  it('may be how a notification ended, typed too', async () => {
    const ended: string[] = []
    const run = setUp({
      'notification.sent': async ({ data }) => {
        const state: 'SENT' = data.state
        ended.push(`${data.channel} ${state}`)
      },
      'notification.failed': async ({ data }) => {
        const state: 'ERROR' | 'EXPIRED' | 'CANCELLED' = data.state
        ended.push(`${data.channel} ${state}: ${data.reason}`)
      },
    })
    const about = { notificationId: 'a'.repeat(64), eventType: 'task.create', eventId: 'e1' }
    const result = (id: string, type: string, state: string, reason: string | null) =>
      record(
        id,
        { type, data: { ...about, channel: 'email', state, reason, attempts: 1 } },
        { 'detail-type': type },
      )
    const failed = await run(
      result('r1', 'notification.sent', 'SENT', null),
      result('r2', 'notification.failed', 'EXPIRED', 'SMTP 421'),
      result('odd', 'notification.failed', 'SENT', null),
    )
    expect([ended.sort(), failed]).toEqual([['email EXPIRED: SMTP 421', 'email SENT'], ['odd']])
  })

  it('brings its data from where it lies', async () => {
    const handler = jest.fn(async (_: TenantEvent<'task.create'>) => undefined)
    const dataref = 's3://payloads/events/acme/1.json'
    await setUp({ 'task.create': handler })(record('e1', { data: undefined, dataref }))
    expect(handler.mock.calls[0]?.[0].data.taskComment).toBe(dataref)
  })

  it('has a log of its own, which says whose and what it is, beside others of the batch', async () => {
    const run = setUp({
      'task.create': async ({ id }, { log, isLast, lambda: { awsRequestId } }) => {
        log.info('Seen', { says: id, isLast, awsRequestId })
      },
    })
    await run(record('e1'), record('e2'))
    const seen = lines.filter(({ message }) => message === 'Seen')
    expect(seen).toEqual(
      ['e1', 'e2'].map((id) =>
        expect.objectContaining({
          tenant: 'acme',
          eventType: 'task.create',
          eventId: id,
          says: id,
          isLast: true,
          awsRequestId: 'r1',
          function_request_id: 'r1',
        }),
      ),
    )
  })

  it('that fails is brought again, and its neighbours are not', async () => {
    const run = setUp({
      'task.create': async ({ id }) => {
        if (id === 'bad') throw new Error('The service of the tenant is away')
      },
    })
    expect(await run(record('e1'), record('bad'), record('e2'))).toEqual(['bad'])
    expect(lines).toContainEqual(
      expect.objectContaining({ eventId: 'bad', reason: 'The service of the tenant is away' }),
    )
  })

  it('is not handled where it has been', async () => {
    const handler = jest.fn(async () => undefined)
    const once: Once = async (key, context, work) =>
      key.at(-1) === 'known' ? 'duplicate' : everyTime(key, context, work)
    expect(await setUp({ 'task.create': handler }, once)(record('known'), record('new'))).toEqual(
      [],
    )
    expect(handler).toHaveBeenCalledTimes(1)
    const outcomes = lines.map(({ eventId, outcome }) => [eventId, outcome])
    expect(outcomes.sort()).toEqual([
      ['known', 'duplicate'],
      ['new', 'handled'],
    ])
  })
})

describe('what is not for the function fails, and reaches no handler:', () => {
  it.each([
    [
      'an event of another tenant',
      'foreign-event',
      record('x', { tenantid: 'other' }, { source: 'ecos.other' }),
    ],
    ['an event that is forged', 'tenant-mismatch', record('x', {}, { source: 'ecos.other' })],
    [
      'a type without a handler',
      'unexpected-event-type',
      record('x', { type: 'task.assign' }, { 'detail-type': 'task.assign' }),
    ],
    [
      'a type with the name of what every object has',
      'unexpected-event-type',
      record('x', { type: 'constructor' }, { 'detail-type': 'constructor' }),
    ],
    ['data that does not fit', 'invalid-event-data', record('x', { data: { type: 1 } })],
    [
      "another tenant's data",
      'payload-reference',
      record('x', { data: undefined, dataref: 's3://payloads/events/other/1.json' }),
    ],
    ['no event at all', 'invalid-event', { ...record('x'), body: '{}' }],
  ])('%s', async (_, code, bad) => {
    const handler = jest.fn(async () => undefined)
    expect(await setUp({ 'task.create': handler })(bad)).toEqual(['x'])
    expect(handler).not.toHaveBeenCalled()
    expect(lines).toContainEqual(expect.objectContaining({ messageId: 'x', code, isLast: true }))
  })
})

describe('a function that could not work does not start:', () => {
  const settings = {
    ECOS_TENANT: 'acme',
    PAYLOAD_BUCKET: 'payloads',
    QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/acme',
    MAX_RECEIVE_COUNT: '3',
    AWS_REGION: 'eu-central-1',
  }
  const environment = process.env
  const handler = async () => undefined
  beforeEach(() => {
    process.env = { ...environment, ...settings }
  })
  afterEach(() => {
    process.env = environment
  })

  it('and one that could, does', () => {
    expect(onEcosEvent('task.create', handler)).toEqual(expect.any(Function))
  })

  it('hands its handler the attributes that it asks for', async () => {
    const seen: unknown[] = []
    const invoke = onEcosEvent('task.create', { attributes: ['sum'] }, async ({ attributes }) => {
      seen.push(attributes)
    })
    const attributes = { 'case.title': 'Lease', sum: 7 }
    await invoke({ Records: [record('e1', { data: { ...task, attributes } })] }, lambda)
    expect(seen).toEqual([{ sum: 7 }])
  })

  it.each(['ECOS_TENANT', 'PAYLOAD_BUCKET', 'QUEUE_URL', 'MAX_RECEIVE_COUNT'])(
    'it does not know its %s',
    (name) => {
      delete process.env[name]
      expect(() => onEcosEvent('task.create', handler)).toThrow(
        expect.objectContaining({
          code: 'missing-variable',
          message: expect.stringContaining(name),
        }),
      )
    },
  )

  it('its type is unknown', () => {
    // @ts-expect-error: there is no such type
    expect(() => onEcosEvent('task.crate', handler)).toThrow(
      expect.objectContaining({ code: 'unknown-event-type' }),
    )
  })

  it('it has no handler', () => {
    expect(() => onEcosEvent({})).toThrow(expect.objectContaining({ code: 'no-handler' }))
    // @ts-expect-error: a handler is needed
    expect(() => onEcosEvent('task.create')).toThrow(
      expect.objectContaining({ code: 'no-handler' }),
    )
  })
})
