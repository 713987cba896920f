import { describe, expect, it } from '@jest/globals'
import type { Bus, BusEntry, EntryResult } from '../../../../lib/bridge/publish/bus.ts'
import { checkBusAnswers, watchBus } from '../../../../lib/bridge/worker/bus-watch.ts'
import { createStatus } from '../../../../lib/bridge/worker/status.ts'
import { EcosError } from '../../../../lib/errors.ts'

const entry = {} as BusEntry
const accepted: EntryResult = { status: 'accepted' }
const failed: EntryResult = { status: 'failed', code: 'InternalFailure' }
const refused: EntryResult = { status: 'refused', code: 'TooLarge' }
const callRefused = new EcosError('call-refused', 'the call is refused')
const unavailable = new EcosError('bus-unavailable', 'no answer', { retryable: true })

/** A bus that gives these answers one after another. */
function busOf(...answers: (readonly EntryResult[] | Error)[]) {
  const status = createStatus()
  const calls: string[] = []
  const bus: Bus = {
    async put(entries) {
      calls.push(`put ${entries.length}`)
      const answer = answers.shift() ?? []
      if (answer instanceof Error) throw answer
      return answer
    },
    async check() {
      calls.push('check')
    },
  }
  return { status, calls, watched: watchBus(bus, status) }
}

describe('the status of the bus', () => {
  it('is that of its last answer, with the time and the reason of an outage', async () => {
    const { status, watched, calls } = busOf([failed], unavailable, [accepted])
    const before = Date.now()
    expect(await watched.put([entry])).toEqual([failed])
    const { failingSince = '', ...rest } = status.bus
    expect(rest).toEqual({ accepting: false, problem: 'InternalFailure' })
    expect(Date.parse(failingSince)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(failingSince)).toBeLessThanOrEqual(Date.now())
    status.bus.failingSince = '2026-01-01T00:00:00.000Z'
    await expect(watched.put([entry, entry])).rejects.toBe(unavailable)
    // It fails since then, whatever the reason is now.
    expect(status.bus).toEqual({
      accepting: false,
      failingSince: '2026-01-01T00:00:00.000Z',
      problem: 'no answer',
    })
    expect(await watched.put([entry])).toEqual([accepted])
    expect(status.bus).toEqual({ accepting: true })
    await watched.check()
    expect(calls).toEqual(['put 1', 'put 2', 'put 1', 'check'])
  })

  it.each([
    ['entries that fail among others that pass', [failed, accepted]],
    ['refused entries, of which the content is at fault', [refused]],
    ['refused entries among those that fail', [failed, refused]],
    ['a refused call', callRefused],
  ])('is that of no outage after %s', async (_, answer) => {
    const { status, watched } = busOf(answer)
    status.bus = { accepting: false, problem: 'it failed before' }
    await watched.put([entry]).catch((error: unknown) => expect(error).toBe(callRefused))
    expect(status.bus).toEqual({ accepting: true })
  })

  it.each([
    ['an answer without a result', [], 'no-result'],
    ['entries that all fail', [failed, failed], 'InternalFailure'],
    ['an error of the network', new Error('ECONNRESET'), 'ECONNRESET'],
    ['a call that EventBridge did not answer', unavailable, 'no answer'],
  ])('is that of an outage after %s', async (_, answer, problem) => {
    const { status, watched } = busOf(answer)
    await watched.put([entry]).catch(() => undefined)
    expect(status.bus).toMatchObject({ accepting: false, problem })
  })
})

describe('whether the bus answers', () => {
  const checking = (check: Error | undefined, put: Error | undefined) => {
    const calls: unknown[] = []
    const bus: Bus = {
      async check() {
        calls.push('check')
        if (check) throw check
      },
      async put(entries) {
        calls.push(entries)
        if (put) throw put
        return []
      },
    }
    return { calls, done: checkBusAnswers(bus) }
  }

  it('is asked without an event where it may be described', async () => {
    const { calls, done } = checking(undefined, unavailable)
    await done
    expect(calls).toEqual(['check'])
  })

  it('is told by a bus that is missing, which would drop all events', async () => {
    const missing = new EcosError('bus-missing', 'there is none')
    const { calls, done } = checking(missing, callRefused)
    await expect(done).rejects.toBe(missing)
    expect(calls).toEqual(['check'])
  })

  it.each([
    ['refused', callRefused],
    ['answered', undefined],
  ])(
    'is told by a call without entries, which is %s, where it may not be described',
    async (_, put) => {
      const { calls, done } = checking(unavailable, put)
      await done
      expect(calls).toEqual(['check', []])
    },
  )

  it.each([unavailable, new Error('call-refused')])(
    'is denied by a call that ends with %s',
    async (put) => {
      const notDescribed = new EcosError('bus-unavailable', 'not permitted', { retryable: true })
      await expect(checking(notDescribed, put).done).rejects.toBe(notDescribed)
    },
  )
})
