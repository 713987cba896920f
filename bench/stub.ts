import { nowMicros } from './job.ts'
import type { StubReport } from './stub-report.ts'
import { eachClock, entriesIn, serveStub } from './stub-server.ts'

/** `node bench/stub.ts MILLISECONDS`. `/reset` restarts the count, `/report` returns it. */
const latency = Number(process.argv[2])

let report: StubReport = emptyReport()

serveStub(latency, record, {
  '/report': () => report,
  '/reset': () => {
    report = emptyReport()
    return {}
  },
})

function record(body: Buffer): number {
  const now = nowMicros()
  const count = entriesIn(body)
  report.calls += 1
  report.entries += count
  report.firstMicros ||= now
  report.lastMicros = now
  let clocked = 0
  eachClock(body, (sentAt) => {
    clocked += 1
    report.waits.push(now - sentAt)
    report.acceptedMicros.push(now)
  })
  if (clocked < count) report.lastUnclockedMicros = now
  return count
}

function emptyReport(): StubReport {
  return {
    sinceMicros: nowMicros(),
    ...{ calls: 0, entries: 0, firstMicros: 0, lastMicros: 0 },
    ...{ waits: [], acceptedMicros: [], lastUnclockedMicros: 0 },
  }
}
