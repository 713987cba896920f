import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { BridgeQueue } from '../../../../lib/bridge/bridge-queue.ts'
import type { Line } from '../../../../lib/bridge/drain/line.ts'
import { createSilence, type VisitRecord } from '../../../../lib/bridge/drain/silence.ts'
import type { Visit } from '../../../../lib/bridge/drain/visit.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

interface State {
  taken: number
  silence: number
  full: boolean
  cancelled: boolean
}

/** A visit of which so much is known, and a queue in which the broker counts so many messages. */
function start(ready: number, state: Partial<State> = {}) {
  const visit: State = { taken: 0, silence: 0, full: false, cancelled: false, ...state }
  const queue = { name: 'queue' } as BridgeQueue
  const record: VisitRecord = {
    visit: {
      queue,
      get taken() {
        return visit.taken
      },
      get full() {
        return visit.full
      },
      silence: () => visit.silence,
      cancel() {
        visit.cancelled = true
      },
    } as Partial<Visit> as Visit,
    ...{ ready, emptied: false, looks: 0, nextLook: 0 },
  }
  const line = { size: 0, count: 1, counts: 0, rested: [] as string[], onCount: () => {} }
  const silence = createSilence({
    get size() {
      return line.size
    },
    async count() {
      line.counts += 1
      line.onCount()
      return line.count
    },
    rest: (name) => void line.rested.push(name),
  } as Partial<Line> as Line)
  return { visit, record, line, silence }
}

describe('a visit that has gone silent', () => {
  it('is over when its queue is empty, of which the broker is asked only after the wait', async () => {
    const { visit, record, line, silence } = start(1, { taken: 1, silence: 199 })
    line.count = 0
    await silence.judge(record)
    expect([line.counts, visit.cancelled]).toEqual([0, false])
    visit.silence = 200
    await silence.judge(record)
    expect([line.counts, visit.cancelled, record.emptied]).toEqual([1, true, true])
  })

  it('waits longer for messages that were counted, and for a slow broker', async () => {
    const { visit, record, line, silence } = start(2, { taken: 1, silence: 1_999 })
    line.count = 0
    await silence.judge(record)
    expect(line.counts).toBe(0)
    silence.onWait(900)
    visit.silence = 2_699
    await silence.judge(record)
    expect(line.counts).toBe(0)
    visit.silence = 2_700
    await silence.judge(record)
    expect([line.counts, visit.cancelled]).toEqual([1, true])
  })

  it('goes on if a message has come while the broker counted', async () => {
    const { visit, record, line, silence } = start(1, { taken: 1, silence: 300 })
    line.count = 0
    line.onCount = () => {
      visit.taken += 1
    }
    await silence.judge(record)
    expect([visit.cancelled, record.emptied, record.looks]).toEqual([false, false, 0])
  })

  it('is looked at ever more seldom while its queue is not empty', async () => {
    const { record, line, silence, visit } = start(1, { taken: 1, silence: 9_000 })
    const waits: number[] = []
    for (let look = 0; look < 7; look += 1) {
      const { counts } = line
      let wait = 0
      while (line.counts === counts) {
        await silence.judge(record)
        if (line.counts > counts) break
        jest.advanceTimersByTime(100)
        wait += 100
      }
      waits.push(wait)
    }
    expect(waits).toEqual([0, 200, 400, 800, 1_600, 3_200, 3_200])
    expect(visit.cancelled).toBe(false)
  })

  it('gives its share to others after ten seconds if it has room and they wait', async () => {
    const stalled = (more: Partial<State>, size: number) => {
      const { line, ...rest } = start(1, { taken: 1, silence: 10_000, ...more })
      line.size = size
      return { line, ...rest }
    }
    const { visit, record, line, silence } = stalled({}, 1)
    await silence.judge(record)
    expect([visit.cancelled, line.rested, record.emptied]).toEqual([true, ['queue'], false])
    for (const other of [
      stalled({ silence: 9_999 }, 1),
      stalled({ full: true }, 1),
      stalled({}, 0),
    ]) {
      await other.silence.judge(other.record)
      expect([other.visit.cancelled, other.line.rested, other.record.looks]).toEqual([false, [], 1])
    }
  })

  it('teaches patience once if what had been counted comes again after all', async () => {
    const { visit, record, line, silence } = start(2, { taken: 1, silence: 2_000 })
    line.count = 0
    await silence.judge(record)
    expect(visit.cancelled).toBe(true)
    silence.onRedelivered('another queue')
    silence.onRedelivered('queue')
    silence.onRedelivered('queue')
    visit.cancelled = false
    visit.silence = 3_999
    await silence.judge(record)
    expect(visit.cancelled).toBe(false)
    visit.silence = 4_000
    await silence.judge(record)
    expect(visit.cancelled).toBe(true)
  })

  it('teaches nothing if all that was counted had come', async () => {
    const { visit, record, line, silence } = start(1, { taken: 1, silence: 200 })
    line.count = 0
    await silence.judge(record)
    silence.onRedelivered('queue')
    visit.cancelled = false
    await silence.judge(record)
    expect(visit.cancelled).toBe(true)
  })
})
