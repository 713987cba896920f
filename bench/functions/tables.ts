import { formatInteger, ratio, table } from '../tables.ts'
import type { ColdStart } from './cold-start.ts'
import type { Work } from './work.ts'

export function coldStartTable(coldStarts: readonly ColdStart[]): string {
  return table(
    'Each function',
    ['function', 'read at the start', 'start', 'to the bare client', 'CPU', 'to the bare client'],
    coldStarts.map(({ function: name, bytes, milliseconds, cpuMilliseconds, toBare }) => [
      name,
      `${formatInteger(bytes / 1024)} KiB`,
      `${formatInteger(milliseconds)} ms`,
      ratio(toBare.milliseconds, 1),
      `${formatInteger(cpuMilliseconds)} ms`,
      ratio(toBare.cpuMilliseconds, 1),
    ]),
  )
}

export function workTable(works: readonly Work[]): string {
  return table(
    'What a notification takes',
    [
      ...['function', 'answers after', 'messages', 'an invocation', 'CPU each', 'a second'],
      ...['start and first invocation', 'calls of AWS for each', 'connections for each'],
    ],
    works.map((work) => [
      work.function,
      `${work.latency} ms`,
      String(work.batch),
      `${formatInteger(work.milliseconds)} ms`,
      `${work.cpuEach.toFixed(1)} ms`,
      work.perSecond.toFixed(work.perSecond < 10 ? 1 : 0),
      `${formatInteger(work.startCpu)} + ${formatInteger(work.firstCpu)} ms`,
      Object.entries(work.calls)
        .map(([operation, each]) => `${each} ${operation}`)
        .join(', '),
      work.connections.toFixed(1),
    ]),
  )
}
