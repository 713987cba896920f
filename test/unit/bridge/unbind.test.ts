import { describe, expect, it } from '@jest/globals'
import type { Broker } from '../../../lib/bridge/broker.ts'
import { removeQueues, unbindTenant } from '../../../lib/bridge/unbind.ts'
import { EcosError } from '../../../lib/errors.ts'
import { eventTypes } from '../../../lib/events/catalogue.ts'

const queue = 'tenant.acme.eventbridge'
const deadLetterQueue = `${queue}.dead-letter`

/** A broker with these queues; one of errors can't be deleted. */
function brokerWith(queues: Record<string, 'empty' | Error>) {
  const asked: string[] = []
  const broker = {
    async unbind({ pool, bind, unbind }: Parameters<Broker['unbind']>[0]) {
      asked.push(`unbind ${bind.length + unbind.length} of ${pool ?? 'its own'}`)
    },
    count: async (name: string) => (name in queues ? 0 : undefined),
    async deleteEmpty(name: string) {
      asked.push(`delete ${name}`)
      const found = queues[name] ?? new EcosError('queue-absent', 'no such queue')
      if (found instanceof Error) throw found
    },
    async deleteExchange(name: string) {
      asked.push(`delete exchange ${name}`)
    },
  }
  return { broker: broker as Partial<Broker> as Broker, asked }
}

const unbound = [
  `unbind ${eventTypes.length} of its own`,
  // Over the tenant's entrance.
  `unbind ${eventTypes.length} of ${queue}`,
]
const notEmpty = new EcosError('queue-not-empty', 'it has 7 messages')

describe('unbindTenant', () => {
  it('removes the bindings of the queue and of a pool, and says nothing of a queue that is there', async () => {
    const { broker, asked } = brokerWith({ [queue]: 'empty' })
    expect(await unbindTenant(broker, 'acme', false)).toEqual([])
    expect(asked).toEqual(unbound)
  })

  it('says that there is no such queue', async () => {
    const { broker } = brokerWith({})
    expect(await unbindTenant(broker, 'acme', false)).toEqual([
      { queue, outcome: 'absent', explanation: expect.stringContaining(queue) },
    ])
  })

  it('deletes empty queues, and then the entrance', async () => {
    const { broker, asked } = brokerWith({ [queue]: 'empty', [deadLetterQueue]: 'empty' })
    expect(await unbindTenant(broker, 'acme', true)).toEqual([
      { queue, outcome: 'deleted' },
      { queue: deadLetterQueue, outcome: 'deleted' },
    ])
    expect(asked).toEqual([
      ...unbound,
      `delete ${queue}`,
      `delete ${deadLetterQueue}`,
      `delete exchange ${queue}`,
    ])
  })

  it('deletes the entrance also where the queues are gone', async () => {
    const { broker, asked } = brokerWith({})
    const removals = await unbindTenant(broker, 'acme', true)
    expect(removals.map(({ outcome }) => outcome)).toEqual(['absent', 'absent'])
    expect(asked.at(-1)).toBe(`delete exchange ${queue}`)
  })

  it.each([
    ['queue', { [queue]: notEmpty, [deadLetterQueue]: 'empty' as const }, ['kept']],
    [
      'dead letters',
      { [queue]: 'empty' as const, [deadLetterQueue]: notEmpty },
      ['deleted', 'kept'],
    ],
  ])('keeps the entrance, and what belongs to a %s that is kept', async (_, queues, outcomes) => {
    const { broker, asked } = brokerWith(queues)
    const removals = await unbindTenant(broker, 'acme', true)
    expect(removals.map(({ outcome }) => outcome)).toEqual(outcomes)
    expect(removals.at(-1)?.explanation).toBe('it has 7 messages')
    expect(asked.filter((what) => what.startsWith('delete exchange'))).toEqual([])
  })
})

describe('removeQueues', () => {
  it('keeps a queue in use', async () => {
    const inUse = new EcosError('queue-in-use', 'it has a consumer')
    const { broker, asked } = brokerWith({ q: inUse, d: 'empty' })
    expect(await removeQueues(broker, { queue: 'q', deadLetterQueue: 'd' })).toEqual([
      { queue: 'q', outcome: 'kept', explanation: 'it has a consumer' },
    ])
    expect(asked).toEqual(['delete q'])
  })

  it('fails with what is no answer of the broker', async () => {
    const lost = new Error('the connection is lost')
    const { broker } = brokerWith({ q: lost })
    await expect(removeQueues(broker, { queue: 'q', deadLetterQueue: 'd' })).rejects.toBe(lost)
  })
})
