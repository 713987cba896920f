import { describe, expect, it, jest } from '@jest/globals'
import { faultOf } from '../../../console/server/fault.ts'
import { createLive, type Seen } from '../../../console/server/live.ts'
import type { ConsolePorts } from '../../../console/server/ports.ts'
import { EcosError } from '../../../lib/errors.ts'

jest.setTimeout(300_000)

const detail = { id: '1', type: 'task.create', tenantid: 'acme', data: {} }
const event = JSON.stringify({ source: 'ecos.acme', detail })
const count = { name: 'ecos-main-task-create', waiting: 3, inFlight: 0, delayed: 0 }
const ports = (more: Partial<ConsolePorts>) =>
  ({
    enabledTypes: async () => [{ tenant: 'acme', type: 'task.create' }],
    queues: async () => [count],
    backlogs: async () => undefined,
    retried: async () => [],
    tap: async () => ({ take: async () => [event], remove: async () => undefined }),
    ...more,
  }) as Partial<ConsolePorts> as ConsolePorts

/** The first looks of a cell until one is as wanted. */
async function look(of: ConsolePorts, isWanted: (seen: Seen) => boolean): Promise<Seen> {
  const live = createLive('main', of)
  try {
    return await new Promise<Seen>((resolve) => {
      live.watch((seen) => isWanted(seen) && resolve(seen))
    })
  } finally {
    await live.close()
  }
}

const never = () => new Promise<never>(() => undefined)

describe('a look at a cell', () => {
  it('shows the other parts while one does not answer, and has no number for that one', async () => {
    const { picture, passed } = await look(ports({ queues: never }), () => true)
    expect(picture.handlers).toEqual([{ id: 'task.create', rates: { acme: 1 } }])
    expect(picture.asOf).toEqual({ broker: expect.any(String), events: expect.any(String) })
    expect(passed.map(({ id }) => id)).toEqual(['1'])
  })

  it('has no rates while the bus can not be tapped, and says why', async () => {
    const denied = Object.assign(new Error('not allowed'), { name: 'AccessDeniedException' })
    const tap = () => Promise.reject(denied)
    const { picture } = await look(ports({ tap }), () => true)
    expect(picture.bus).toEqual({})
    expect(picture.handlers).toMatchObject([{ id: 'task.create', waiting: 3 }])
    expect(picture.troubles).toMatchObject([
      { why: 'unknown', fault: { part: 'events', kind: 'denied', text: 'not allowed' } },
    ])
  })

  it('knows what is tried again only when that was answered', async () => {
    const waiting = { ...count, name: 'ecos-main-email' }
    const queues = async () => [waiting]
    const { picture } = await look(ports({ queues, retried: never }), () => true)
    expect(picture.asOf).not.toHaveProperty('late')
    const answered = await look(ports({ queues }), ({ picture: { asOf } }) => Boolean(asOf.late))
    expect(answered.picture.troubles).toEqual([])
  })

  it('keeps the last answer of a part that fails later, with its time', async () => {
    let asked = 0
    const queues = async () => {
      asked += 1
      if (asked > 1) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' })
      return [count]
    }
    const { picture } = await look(ports({ queues }), () => asked > 1)
    expect(picture.handlers).toMatchObject([{ waiting: 3 }])
    expect(Date.parse(String(picture.asOf.queues))).toBeLessThan(Date.parse(picture.at))
    expect(picture.troubles).toMatchObject([{ fault: { part: 'queues', kind: 'throttled' } }])
  })
})

const named = (name: string) => Object.assign(new Error('detail'), { name })
const coded = (code: string) => Object.assign(new Error('detail'), { code })

it.each([
  [named('AccessDenied'), 'denied'],
  [named('ExpiredTokenException'), 'credentials'],
  [named('CredentialsProviderError'), 'credentials'],
  [named('TimeoutError'), 'slow'],
  [named('ThrottlingException'), 'throttled'],
  [coded('ECONNREFUSED'), 'unreachable'],
  [new AggregateError([coded('ENOTFOUND')]), 'unreachable'],
  [new Error('wrapped', { cause: coded('ECONNRESET') }), 'unreachable'],
  [new EcosError('broker-unreachable', 'detail'), 'unreachable'],
  [new Error('anything else'), 'failed'],
])('the page has words for %s: %s', (error, kind) => {
  expect(faultOf('queues', error).kind).toBe(kind)
})
