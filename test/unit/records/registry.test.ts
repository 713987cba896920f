import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { ListenerSubscribed, ListenerWithdrawn } from '../../../lib/records/messages.ts'
import { createRegistry, type Registry, unionOf } from '../../../lib/records/registry.ts'

type Said = ListenerSubscribed | ListenerWithdrawn

const type = 'record-changed'
const listener = (id: string, instanceId = '1') => ({ id, instanceId })

function subscribed(
  sequence: number,
  attributes: string[],
  {
    id = 'one',
    instanceId = '1',
    leaseSeconds = 60,
    ...interest
  }: Partial<{
    id: string
    instanceId: string
    leaseSeconds: number
    filter: { t: 'eq'; att: string; val: string }
  }> = {},
): ListenerSubscribed {
  return {
    version: 1,
    kind: 'listener.subscribed',
    sequence,
    listener: listener(id, instanceId),
    queue: `events-${id}`,
    leaseSeconds,
    interests: { [type]: { attributes, ...interest } },
  }
}

function withdrawn(sequence: number, id = 'one', instanceId = '1'): ListenerWithdrawn {
  return { version: 1, kind: 'listener.withdrawn', sequence, listener: listener(id, instanceId) }
}

function registryOf(messages: readonly Said[], now = 0): Registry {
  const registry = createRegistry()
  for (const message of messages) registry.apply(message, now)
  return registry
}

/** Several instances, each with what it said in its order. */
const conversations = fc
  .uniqueArray(fc.tuple(fc.constantFrom('one', 'two'), fc.constantFrom('1', '2')), {
    minLength: 1,
    selector: (pair) => pair.join(),
  })
  .chain((pairs) =>
    fc.tuple(
      ...pairs.map(([id, instanceId]) =>
        fc
          .array(fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', 'c'))), {
            minLength: 1,
            maxLength: 5,
          })
          .map((words) =>
            words.map(
              (attributes, sequence): Said =>
                attributes === null
                  ? withdrawn(sequence, id, instanceId)
                  : subscribed(sequence, attributes, { id, instanceId }),
            ),
          ),
      ),
    ),
  )

test('whatever comes twice, late or out of order: the last word of each instance counts', () => {
  const shuffled = conversations.chain((all) => {
    const lasts = all.map((words) => words[words.length - 1] as Said)
    const some = fc.shuffledSubarray(all.flat())
    return fc.tuple(
      fc.constant(lasts),
      some,
      fc.shuffledSubarray(lasts, { minLength: lasts.length }),
      some,
    )
  })
  fc.assert(
    fc.property(shuffled, ([lasts, before, last, later]) => {
      const heard = registryOf([...before, ...last, ...later])
      const expected = registryOf(lasts)
      const sorted = (registry: Registry) =>
        registry.interested(type, 1).sort((x, y) => (x.queue < y.queue ? -1 : 1))
      expect(sorted(heard)).toEqual(sorted(expected))
    }),
  )
})

describe('the registry of a source', () => {
  test('an instance that is not renewed is gone when its lease ends', () => {
    const registry = registryOf([subscribed(1, ['title'], { leaseSeconds: 60 })])
    expect(registry.listeners(59_999)).toEqual(['one'])
    expect(registry.listeners(60_000)).toEqual([])
    registry.apply(subscribed(2, ['title'], { leaseSeconds: 60 }), 59_999)
    expect(registry.listeners(119_998)).toEqual(['one'])
  })

  test('instances of a listener that want different things get them all, once', () => {
    const registry = registryOf([
      subscribed(1, ['title', 'rec?id'], { instanceId: 'old' }),
      subscribed(1, ['title', 'author.email'], { instanceId: 'new' }),
    ])
    expect(registry.interested(type, 1)).toEqual([
      {
        listener: 'one',
        queue: 'events-one',
        attributes: ['author.email', 'rec?id', 'title'],
        filters: [],
      },
    ])
  })

  test('a filter holds back nothing that an instance without one wants', () => {
    const filter = { t: 'eq', att: 'state', val: 'open' } as const
    const [filtered] = registryOf([subscribed(1, [], { filter })]).interested(type, 1)
    expect(filtered?.filters).toEqual([filter])
    const both = [subscribed(1, [], { filter }), subscribed(1, [], { instanceId: '2' })]
    expect(registryOf(both).interested(type, 1)[0]?.filters).toEqual([])
  })

  test('what filters ask is loaded too', () => {
    const filter = { t: 'eq', att: 'state', val: 'open' } as const
    const registry = registryOf([
      subscribed(1, ['title'], { filter }),
      subscribed(1, ['author.email', 'title'], { id: 'two' }),
    ])
    expect(unionOf(registry.interested(type, 1))).toEqual(['author.email', 'state', 'title'])
  })

  test('a queue that is gone is forgotten until its listener speaks again', () => {
    const registry = registryOf([subscribed(1, ['title'])])
    registry.forgetQueue('events-one')
    expect(registry.interested(type, 1)).toEqual([])
    expect(registry.apply(subscribed(1, ['title']), 1)).toBe(false)
    expect(registry.apply(subscribed(2, ['title']), 1)).toBe(true)
    expect(registry.interested(type, 1)).toHaveLength(1)
  })

  test('strangers can not make it grow without end', () => {
    const registry = createRegistry()
    for (let at = 0; at < 10_000; at += 1) {
      registry.apply(subscribed(1, [], { instanceId: String(at) }), 0)
    }
    expect(registry.apply(subscribed(1, [], { instanceId: 'more' }), 1)).toBe(false)
    expect(registry.apply(subscribed(2, [], { instanceId: '1' }), 1)).toBe(true)
  })
})
