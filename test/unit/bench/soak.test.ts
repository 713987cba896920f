import { expect, it } from '@jest/globals'
import { type Drained, growthOf } from '../../../bench/soak/drain.ts'
import { idOf, numberAt } from '../../../bench/soak/numbered.ts'
import { plotOf } from '../../../bench/soak/plot.ts'
import { createReceived } from '../../../bench/soak/received.ts'
import { columnsOf } from '../../../bench/soak/results.ts'
import { countAt, countTo, type Sample } from '../../../bench/soak/sample.ts'
import { judge, problemsOf, quartersOf, slope } from '../../../bench/soak/verdict.ts'
import { parseConnections, parseStatus } from '../../../bench/stack/processes.ts'

const sample: Sample = {
  ...{ seconds: 10, published: 100, accepted: 100, p50: 11, p99: 16, max: 20 },
  ...{ megabytes: 190, heapMegabytes: 20, handles: 60, threads: 11, timers: 12, resources: 40 },
  ...{ toBroker: 3, toBus: 32, atBroker: 4, atBus: 32, waiting: 0, inFlight: 5 },
  ...{ workerCpu: 0.4, brokerCpu: 0.3, load: 1 },
}

/** A sample every ten seconds, of 400 in all. */
function samplesOf(more: (seconds: number) => Partial<Sample> = () => ({})): Sample[] {
  return Array.from({ length: 40 }, (_, index) => {
    const seconds = (index + 1) * 10
    return { ...sample, seconds, ...more(seconds) }
  })
}

const allArrived = { published: 10, accepted: 10, doubled: 0, others: 0, left: 0, exitCode: 0 }

it('the slope is that of the line through points on one, and the mean trend of others', () => {
  expect(
    slope([
      [0, 5],
      [1, 7],
      [2, 9],
    ]),
  ).toBeCloseTo(2)
  expect(
    slope([
      [0, 0],
      [1, 3],
      [2, 0],
      [3, 3],
    ]),
  ).toBeCloseTo(0.6)
  expect(slope([[1, 5]])).toBe(0)
  expect(slope([])).toBe(0)
})

it('each sample is of the quarter that ends with it', () => {
  const quarters = quartersOf(samplesOf())
  expect(quarters.map((quarter) => quarter.length)).toEqual([10, 10, 10, 10])
  expect(quarters[1]?.map(({ seconds }) => seconds).slice(0, 1)).toEqual([110])
})

it('steady samples are flat', () => {
  const verdict = judge(samplesOf(), allArrived)
  expect(verdict.problems).toEqual([])
  expect(verdict.megabytesPerHour).toBeCloseTo(0)
})

it('a warm-up is not growth', () => {
  const warming = samplesOf((seconds) => (seconds <= 100 ? { megabytes: 100, handles: 20 } : {}))
  expect(judge(warming, allArrived).problems).toEqual([])
})

it('what grows is named, with the slope of memory', () => {
  const leaking = samplesOf((seconds) => ({
    megabytes: 100 + seconds / 10,
    atBroker: seconds > 300 ? 5 : 4,
  }))
  const verdict = judge(leaking, allArrived)
  expect(verdict.problems).toEqual([
    'megabytes: 115.5 in the second quarter, 135.5 in the last',
    'atBroker: 4.0 in the second quarter, 5.0 in the last',
  ])
  expect(verdict.megabytesPerHour).toBeCloseTo(360)
})

it('one disturbed sample does not count', () => {
  const disturbed = samplesOf((seconds) => (seconds === 350 ? { p99: 900, megabytes: 400 } : {}))
  expect(judge(disturbed, allArrived).problems).toEqual([])
})

it('events that are lost, doubled, of nobody or left, and a failed end, are named', () => {
  expect(problemsOf(allArrived)).toEqual([])
  const outcome = { published: 10, accepted: 8, doubled: 1, others: 3, left: 2, exitCode: 1 }
  expect(problemsOf(outcome)).toEqual([
    'lost: 2',
    'doubled: 1',
    'nobody published: 3',
    'left at the broker: 2',
    "the worker's exit code: 1",
  ])
})

function callOf(...numbers: readonly number[]): Buffer {
  const Entries = numbers.map((number) => ({
    DetailType: 'task.create',
    Detail: JSON.stringify({ id: 'other', data: { sentAt: 1_000, id: idOf(number), type: 'x' } }),
  }))
  return Buffer.from(JSON.stringify({ Entries }))
}

it('an id tells its number where it stands, and only there', () => {
  const body = Buffer.from(`\\"id\\":\\"${idOf(33_000_000)}\\"`)
  expect(numberAt(body, 0)).toBe(33_000_000)
  expect(numberAt(body, 1)).toBeUndefined()
  expect(numberAt(Buffer.from(''), 0)).toBeUndefined()
  expect(idOf(33_000_000)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
})

it('each event is counted once, and each again', () => {
  const received = createReceived(20)
  expect(received.take(callOf(0, 7, 8), 3_000)).toBe(3)
  expect(received.take(callOf(19, 8), 5_000)).toBe(2)
  received.take(Buffer.from('{"Entries":[{"DetailType":"probe","Detail":"{}"}]}'), 5_000)
  received.take(callOf(20), 5_000)
  const report = received.report()
  expect(report).toMatchObject({ calls: 4, accepted: 4, doubled: 1, others: 2 })
  expect(report.waits).toMatchObject({ count: 5, p50: 2 })
  expect(report.waits.p99).toBeCloseTo(4, 1)
  expect(received.report()).toMatchObject({ accepted: 4, waits: { count: 0, max: 0 } })
})

it("reads the kernel's text of a process", () => {
  const text = 'Name:\tnode\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t11\n'
  expect(parseStatus(text)).toEqual({ megabytes: 100, threads: 11 })
  expect(parseStatus('')).toEqual({ megabytes: 0, threads: 0 })
})

const connections = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1628 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 100 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1628 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 101 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:C350 0100007F:1628 01 00000000:00000000 00:00000000 00000000     0        0 102 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:1628 0100007F:C351 01 00000000:00000000 00:00000000 00000000     0        0 103 1 0000000000000000 20 4 30 10 -1
   4: 0100007F:C351 0100007F:1628 01 00000000:00000000 00:00000000 00000000     0        0 104 1 0000000000000000 20 4 30 10 -1
   5: 0100007F:1628 0100007F:C352 06 00000000:00000000 03:00000A2B 00000000     0        0 0 3 0000000000000000
`

it('counts connections at both ends, without those that wait for their end', () => {
  const ends = parseConnections(connections)
  expect(ends).toHaveLength(4)
  expect(ends[1]).toEqual({ port: 50_000, remotePort: 5_672, socket: 102 })
  expect(countTo(ends, 5_672, new Set([102, 999]))).toBe(1)
  expect(countAt(ends, 5_672, new Set())).toBe(2)
  expect(countAt(ends, 5_672, new Set([104]))).toBe(1)
})

const drained: Drained = {
  ...{ milliseconds: 100, listed: 0, atBroker: 0, toBroker: 0 },
  ...{ atBus: 32, toBus: 32, handles: 55, megabytes: 150 },
}

it('a drain may leave what earlier ones left, and at the broker what the second left', () => {
  const rows = [{ ...drained, atBus: 1 }, drained, { ...drained, atBus: 34 }, drained, drained]
  expect(growthOf([...rows, { ...drained, atBus: 34 }])).toEqual([])
  expect(growthOf([...rows, { ...drained, atBus: 35, listed: 1 }])).toEqual([
    'listed: at most 0 by the first half, 1 after the last drain',
    'atBus: at most 34 by the first half, 35 after the last drain',
  ])
  expect(growthOf([...rows, { ...drained, megabytes: 164.9 }])).toEqual([])
  expect(growthOf([...rows, { ...drained, megabytes: 165.1 }])).toEqual([
    'megabytes: at most 165 by the first half, 165.1 after the last drain',
  ])
  expect(growthOf([])).toEqual([])
})

it('rows become columns, and the plot has a line for each', () => {
  expect(
    columnsOf([
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ]),
  ).toEqual({ a: [1, 3], b: [2, 4] })
  expect(plotOf(samplesOf()).match(/<polyline /g)).toHaveLength(7)
})
