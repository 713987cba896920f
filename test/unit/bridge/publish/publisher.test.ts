import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Bus, BusEntry, EntryResult } from '../../../../lib/bridge/publish/bus.ts'
import { createPublisher, type PublisherOptions } from '../../../../lib/bridge/publish/publisher.ts'
import { EcosError } from '../../../../lib/errors.ts'

type Answer = (
  entries: readonly { readonly detail: string }[],
  call: number,
) => readonly EntryResult[] | Promise<readonly EntryResult[]>

const accepted: EntryResult = { status: 'accepted' }
const failed: EntryResult = { status: 'failed', code: 'ThrottlingException' }

function entry(detail: string): BusEntry {
  return { source: 'ecos.acme', detailType: 'task.create', detail: Buffer.from(detail) }
}

/** A bus that answers as told, and remembers what it was asked. */
function scriptedBus(answer: Answer) {
  const calls: string[][] = []
  const bus: Bus = {
    async put(entries) {
      const texts = entries.map(({ detail }) => ({ detail: detail.toString() }))
      calls.push(texts.map(({ detail }) => detail))
      return answer(texts, calls.length - 1)
    },
    async check() {},
  }
  return { bus, calls }
}

function publisherOn(answer: Answer, options: PublisherOptions = {}) {
  const { bus, calls } = scriptedBus(answer)
  const publisher = createPublisher(bus, { firstWait: 1, longestWait: 2, ...options })
  return {
    publisher,
    calls,
    publish: (...details: string[]) =>
      Promise.all(details.map((detail) => publisher.publish(entry(detail)))),
  }
}

const acceptAll: Answer = (entries) => entries.map(() => accepted)
const unavailable = () => new EcosError('bus-unavailable', 'down', { retryable: true })

describe('createPublisher', () => {
  it('packs ten entries into a call', async () => {
    const { publish, calls } = publisherOn(acceptAll)
    const details = Array.from({ length: 25 }, (_, index) => String(index))
    expect(await publish(...details)).toEqual(details.map(() => ({ outcome: 'accepted' })))
    expect(calls.map(({ length }) => length)).toEqual([10, 10, 5])
    expect(calls.flat()).toEqual(details)
  })

  it('starts no partly filled call while half of the calls are in flight', async () => {
    const answers: (() => void)[] = []
    const answerAll = () => answers.splice(0).map((answer) => answer())
    const { publish, calls } = publisherOn(
      (entries) =>
        new Promise((resolve) => answers.push(() => resolve(entries.map(() => accepted)))),
      { mostCalls: 4 },
    )
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    const published = [publish('a')]
    await turn()
    published.push(publish('b'))
    await turn()
    published.push(publish('c'))
    await turn()
    expect(calls.flat()).toEqual(['a', 'b'])
    published.push(publish(...Array.from({ length: 10 }, (_, index) => String(index))))
    await turn()
    expect(calls.map(({ length }) => length)).toEqual([1, 1, 10])
    answerAll()
    await turn()
    await turn()
    expect(calls.map(({ length }) => length)).toEqual([1, 1, 10, 1])
    answerAll()
    await Promise.all(published)
  })

  it('packs no more bytes into a call than it may have', async () => {
    const { publish, calls } = publisherOn(acceptAll)
    await publish('a'.repeat(600_000), 'b'.repeat(300_000), 'c'.repeat(300_000))
    expect(calls.map((call) => call.map((detail) => detail[0]).join(''))).toEqual(['ab', 'c'])
  })

  it('keeps no more calls in flight than allowed', async () => {
    let inFlight = 0
    let most = 0
    const { publish } = publisherOn(
      async (entries) => {
        inFlight += 1
        most = Math.max(most, inFlight)
        await new Promise((resolve) => setTimeout(resolve, 5))
        inFlight -= 1
        return entries.map(() => accepted)
      },
      { mostCalls: 3 },
    )
    await publish(...Array.from({ length: 100 }, String))
    expect(most).toBe(3)
  })

  it('sends only failed entries again, by their index', async () => {
    const { publish, calls } = publisherOn((entries, call) =>
      entries.map((_, index) => (call === 0 && index % 2 === 1 ? failed : accepted)),
    )
    expect(await publish('a', 'b', 'c', 'd')).toEqual(Array(4).fill({ outcome: 'accepted' }))
    const [first, ...others] = calls
    expect(first).toEqual(['a', 'b', 'c', 'd'])
    // Each waits by itself, so they need not meet in one call.
    expect(others.flat().sort()).toEqual(['b', 'd'])
  })

  it('counts an entry without a result as failed', async () => {
    const { publish, calls } = publisherOn((entries, call) =>
      entries.slice(0, call === 0 ? 1 : 10).map(() => accepted),
    )
    await publish('a', 'b', 'c')
    const [first, ...others] = calls
    expect(first).toEqual(['a', 'b', 'c'])
    expect(others.flat().sort()).toEqual(['b', 'c'])
  })

  it('reports an entry that the bus refuses for its content, and sends it once', async () => {
    const { publish, calls } = publisherOn((entries) =>
      entries.map(({ detail }) =>
        detail === 'bad' ? { status: 'refused', code: 'MalformedDetail' } : accepted,
      ),
    )
    expect(await publish('a', 'bad')).toEqual([
      { outcome: 'accepted' },
      { outcome: 'refused', explanation: 'MalformedDetail' },
    ])
    expect(calls).toHaveLength(1)
  })

  it('finds the entry for which a whole call is refused', async () => {
    const { publish, calls } = publisherOn((entries) => {
      if (entries.some(({ detail }) => detail === 'bad'))
        throw new EcosError('call-refused', 'too odd')
      return entries.map(() => accepted)
    })
    expect(await publish('a', 'bad', 'c')).toEqual([
      { outcome: 'accepted' },
      { outcome: 'refused', explanation: 'too odd' },
      { outcome: 'accepted' },
    ])
    expect(calls).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']])
  })

  it('goes on through an outage until the bus is back', async () => {
    const failures: string[] = []
    const { publish } = publisherOn(
      (entries, call) => {
        if (call < 7) throw unavailable()
        return entries.map(() => accepted)
      },
      { onFailure: ({ code }) => failures.push(code) },
    )
    expect(await publish('a', 'b')).toEqual(Array(2).fill({ outcome: 'accepted' }))
    expect(failures).toEqual(Array(7).fill('bus-unavailable'))
  })

  it('delays no other entry while one fails for ever', async () => {
    const { publish, publisher, calls } = publisherOn(
      (entries) => entries.map(({ detail }) => (detail === 'stuck' ? failed : accepted)),
      { firstWait: 3_600_000, longestWait: 3_600_000 },
    )
    const stuck = publish('stuck')
    while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(await publish('a', 'b')).toEqual(Array(2).fill({ outcome: 'accepted' }))
    expect(await publish('c')).toEqual([{ outcome: 'accepted' }])
    await publisher.stop()
    expect(await stuck).toEqual([{ outcome: 'unsent' }])
  })

  it('says since when an entry fails, though all others pass', async () => {
    let healed = false
    const { publish, publisher, calls } = publisherOn((entries) =>
      entries.map(({ detail }) => (detail === 'stuck' && !healed ? failed : accepted)),
    )
    expect(publisher.failingSince()).toBeUndefined()
    const start = performance.now()
    const stuck = publish('stuck')
    while (calls.length < 3) await publish('a')
    const since = publisher.failingSince()
    expect(since).toBeGreaterThanOrEqual(start)
    await publish('b')
    expect(publisher.failingSince()).toBe(since)
    healed = true
    expect(await stuck).toEqual([{ outcome: 'accepted' }])
    expect(publisher.failingSince()).toBeUndefined()
  })

  it('counts an answer without any result as an outage', async () => {
    const failures: string[] = []
    const { publish } = publisherOn(
      (entries, call) => (call < 3 ? [] : entries.map(() => accepted)),
      { onFailure: ({ code }) => failures.push(code) },
    )
    expect(await publish('a', 'b')).toEqual(Array(2).fill({ outcome: 'accepted' }))
    expect(failures).toEqual(Array(3).fill('bus-unavailable'))
  })

  it('reports waiting entries as unsent, never as accepted, when it is stopped', async () => {
    const { publisher, publish } = publisherOn(() => {
      throw unavailable()
    })
    const publications = publish('a', 'b')
    await new Promise((resolve) => setTimeout(resolve, 10))
    await publisher.stop()
    expect(await publications).toEqual(Array(2).fill({ outcome: 'unsent' }))
    expect(await publish('late')).toEqual([{ outcome: 'unsent' }])
  })

  it('waits for the calls in flight when it is stopped', async () => {
    let answer = () => {}
    const { publisher, publish } = publisherOn(
      (entries) =>
        new Promise((resolve) => {
          answer = () => resolve(entries.map(() => accepted))
        }),
    )
    const publications = publish('a')
    await new Promise((resolve) => setTimeout(resolve, 5))
    const stopped = publisher.stop()
    answer()
    await stopped
    expect(await publications).toEqual([{ outcome: 'accepted' }])
  })

  it('gives each entry its own fate, whatever the bus does', async () => {
    const fates = fc.array(fc.constantFrom('accept', 'refuse', 'fail', 'throw'), {
      minLength: 1,
      maxLength: 60,
    })
    await fc.assert(
      fc.asyncProperty(fates, async (script) => {
        const tries = new Map<string, number>()
        const { publish } = publisherOn((entries) => {
          const first = entries.filter(({ detail }) => !tries.has(detail))
          for (const { detail } of entries) tries.set(detail, (tries.get(detail) ?? 0) + 1)
          if (first.some(({ detail }) => detail.startsWith('throw'))) throw unavailable()
          return entries.map(({ detail }) => {
            if (detail.startsWith('refuse')) return { status: 'refused', code: 'X' }
            return detail.startsWith('fail') && (tries.get(detail) ?? 0) < 3 ? failed : accepted
          })
        })
        const details = script.map((fate, index) => `${fate}-${index}`)
        const outcomes = (await publish(...details)).map(({ outcome }) => outcome)
        expect(outcomes).toEqual(script.map((fate) => (fate === 'refuse' ? 'refused' : 'accepted')))
      }),
      { numRuns: 50 },
    )
  })
})
