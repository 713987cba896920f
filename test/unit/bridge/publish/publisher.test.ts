import { afterEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import type { Bus, BusEntry, EntryResult } from '../../../../lib/bridge/publish/bus.ts'
import type { CallLimit } from '../../../../lib/bridge/publish/call-limit.ts'
import { createPublisher, type PublisherOptions } from '../../../../lib/bridge/publish/publisher.ts'
import { EcosError } from '../../../../lib/errors.ts'

type Answer = (
  entries: readonly { readonly detail: string }[],
  call: number,
) => readonly EntryResult[] | Promise<readonly EntryResult[]>

const accepted: EntryResult = { status: 'accepted' }
const failed: EntryResult = { status: 'failed', code: 'ThrottlingException' }

function entry(detail: string, tenant = 'acme'): BusEntry {
  return { source: `ecos.${tenant}`, detailType: 'task.create', detail: Buffer.from(detail) }
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

const turn = () => new Promise((resolve) => setImmediate(resolve))
const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index))

/** Answers that wait for `answerAll`. */
function heldAnswers() {
  const held: ((error?: Error) => void)[] = []
  const answer: Answer = (entries) =>
    new Promise((resolve, reject) => {
      held.push((error) => (error ? reject(error) : resolve(entries.map(() => accepted))))
    })
  return {
    answer,
    async answerAll(error?: Error) {
      for (const one of held.splice(0)) one(error)
      await turn()
      await turn()
    },
  }
}

describe('createPublisher', () => {
  afterEach(() => {
    jest.restoreAllMocks()
    jest.useRealTimers()
  })

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

  it('serves the tenants in turn, a call at a time', async () => {
    const { calls, publisher } = publisherOn(acceptAll)
    const published = [
      ...numbers(25).map((detail) => publisher.publish(entry(`acme ${detail}`))),
      publisher.publish(entry('late', 'globex')),
    ]
    await Promise.all(published)
    expect(calls.map((call) => call.indexOf('late'))).toEqual([-1, 0, -1])
  })

  it('has room for what keeps its calls full: those of its limit, and ten by default', () => {
    expect(publisherOn(acceptAll).publisher.room()).toBe(120)
    expect(publisherOn(acceptAll, { mostCalls: 3 }).publisher.room()).toBe(36)
    const callLimit = { most: 5, onAnswer() {}, onFailure() {}, onWait() {} }
    expect(publisherOn(acceptAll, { callLimit }).publisher.room()).toBe(60)
  })

  it('tells its limit what is answered, what fails, and when a full call has to wait', async () => {
    const told: string[] = []
    const callLimit: CallLimit = {
      most: 2,
      onAnswer: () => void told.push('answer'),
      onFailure: () => void told.push('failure'),
      onWait: () => void told.push('wait'),
    }
    const { answer, answerAll } = heldAnswers()
    const { publish, publisher, calls } = publisherOn(answer, { callLimit })
    const first = publish(...numbers(20))
    await turn()
    const second = publish('a')
    await turn()
    expect([calls.length, told]).toEqual([2, []])
    const third = publish(...numbers(9))
    await turn()
    expect([calls.length, told]).toEqual([2, ['wait']])
    await answerAll()
    expect(told).toEqual(['wait', 'answer', 'answer'])
    await answerAll(new EcosError('call-refused', 'too odd'))
    expect(told.slice(3)).toEqual(['answer'])
    const stopped = publisher.stop()
    await answerAll(unavailable())
    await stopped
    expect(told.slice(4)).toEqual(['failure'])
    expect((await Promise.all([first, second, third])).map(({ length }) => length)).toEqual([
      20, 1, 9,
    ])
  })

  it('takes a turn of the rate limit for each call, and waits where there is none', async () => {
    jest.useFakeTimers()
    const waits = [0, 30, 0, 0]
    const rateLimit = { take: jest.fn(() => waits.shift() ?? 0) }
    const { publish, calls } = publisherOn(acceptAll, { rateLimit })
    const published = publish(...numbers(21))
    await jest.advanceTimersByTimeAsync(29)
    expect([calls.length, rateLimit.take.mock.calls.length]).toEqual([1, 2])
    await jest.advanceTimersByTimeAsync(2)
    expect([calls.length, rateLimit.take.mock.calls.length]).toEqual([3, 4])
    await published
    await jest.advanceTimersByTimeAsync(1_000)
    expect(rateLimit.take).toHaveBeenCalledTimes(4)
  })

  it('says of an entry that waits for itself that it is held, and not in an outage', async () => {
    let call = 0
    const { publisher } = publisherOn(() => {
      call += 1
      if (call === 1) throw unavailable()
      return [call < 4 ? failed : accepted]
    })
    const heldIn: number[] = []
    await publisher.publish(entry('a'), () => void heldIn.push(call))
    expect(heldIn).toEqual([2, 3])
  })

  it('reports a failed call by its own error, and any other as a bus that can not be reached', async () => {
    const errors: EcosError[] = []
    const own = unavailable()
    const other = new TypeError('fetch failed')
    const { publish } = publisherOn(
      (entries, call) => {
        if (call === 0) throw own
        if (call === 1) throw other
        return call === 2 ? [] : entries.map(() => accepted)
      },
      { onFailure: (error) => void errors.push(error) },
    )
    await publish('a')
    expect(errors[0]).toBe(own)
    expect(errors.slice(1)).toEqual([
      expect.objectContaining({ code: 'bus-unavailable', retryable: true, cause: other }),
      expect.objectContaining({
        ...{ code: 'bus-unavailable', retryable: true },
        message: expect.stringContaining('without a result'),
      }),
    ])
    expect(errors[1]).toBeInstanceOf(EcosError)
  })

  it('reports the entries that fail in a call which is answered, and nothing of others', async () => {
    const failures: string[] = []
    const { publish } = publisherOn(
      (entries, call) => (call === 1 ? [accepted, failed] : entries.map(() => accepted)),
      { onFailure: ({ code, message }) => failures.push(`${code}: ${message}`) },
    )
    await publish('a')
    await publish('b', 'c', 'd')
    expect(failures).toEqual(['entries-failed: EventBridge failed 2 of 3 entries: no-result'])
  })

  it('pauses after a failed call, longer with each, and anew after an answer', async () => {
    jest.useFakeTimers()
    jest.spyOn(Math, 'random').mockReturnValue(0.5)
    const times: number[] = []
    const start = performance.now()
    const { publish, publisher } = publisherOn(
      (entries, call) => {
        times.push(performance.now() - start)
        if (call === 3) throw new EcosError('call-refused', 'too odd')
        if (call === 6) return entries.map(() => accepted)
        throw unavailable()
      },
      { firstWait: 200, longestWait: 10_000 },
    )
    const published = ['a', 'b'].map(async (detail) => {
      await publish(detail)
      await publish(`${detail} again`)
    })
    await jest.advanceTimersByTimeAsync(3_000)
    // Two entries in a refused call are sent one by one.
    const waits = times.map((time, call) => Math.round((time - (times[call - 1] ?? 0)) / 100) * 100)
    expect(waits.slice(0, 7)).toEqual([0, 100, 200, 400, 0, 0, 100])
    await publisher.stop()
    await Promise.all(published)
  })

  it('pauses after an answer for no longer than after the first failure', async () => {
    jest.useFakeTimers()
    jest.spyOn(Math, 'random').mockReturnValue(0.5)
    const start = performance.now()
    const times: number[] = []
    const { publish, publisher } = publisherOn(
      (entries, call) => {
        times.push(performance.now() - start)
        if (call === 2) return entries.map(() => accepted)
        throw unavailable()
      },
      { firstWait: 200, longestWait: 10_000 },
    )
    const published = publish('a').then(() => publish('b'))
    await jest.advanceTimersByTimeAsync(1_000)
    const waits = times.map((time, call) => Math.round((time - (times[call - 1] ?? 0)) / 100) * 100)
    expect(waits.slice(0, 6)).toEqual([0, 100, 200, 0, 100, 200])
    await publisher.stop()
    expect(await published).toEqual([{ outcome: 'unsent' }])
  })

  it('names the entry that fails for longest, until that one is settled', async () => {
    const stuck = new Set(['first', 'second'])
    const { publish, publisher, calls } = publisherOn((entries) =>
      entries.map(({ detail }) => (stuck.has(detail) ? failed : accepted)),
    )
    const first = publish('first')
    while (calls.length < 3) await turn()
    const since = publisher.failingSince()
    const between = performance.now()
    const second = publish('second')
    const triesOf = (detail: string) => calls.flat().filter((one) => one === detail).length
    while (triesOf('second') < 3) await turn()
    expect(publisher.failingSince()).toBe(since)
    stuck.delete('first')
    await first
    expect(publisher.failingSince()).toBeGreaterThanOrEqual(between)
    stuck.delete('second')
    await second
    expect(publisher.failingSince()).toBeUndefined()
  })

  it.each([
    ['a call', () => Promise.reject(unavailable())],
    ['an entry of an answered call', () => Promise.resolve([failed])],
    ['the call, for its content', () => Promise.reject(new EcosError('call-refused', 'too odd'))],
  ])('reports entries as unsent when it is stopped before %s fails', async (_, fail) => {
    let answer: () => void = () => undefined
    const { publisher, calls } = publisherOn(
      () =>
        new Promise((resolve) => {
          answer = () => resolve(fail())
        }),
    )
    const held = jest.fn()
    const published = ['a', 'b'].map((detail) => publisher.publish(entry(detail), held))
    await turn()
    const stopped = publisher.stop()
    answer()
    await stopped
    expect(await Promise.all(published)).toEqual([{ outcome: 'unsent' }, { outcome: 'unsent' }])
    expect(held).not.toHaveBeenCalled()
    expect(publisher.failingSince()).toBeUndefined()
    await turn()
    expect(calls).toHaveLength(1)
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
