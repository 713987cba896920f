import { formatInteger, ratio, table } from '../tables.ts'
import { type ColdStart, reference } from './cold-start.ts'

export function coldStartTable(coldStarts: readonly ColdStart[]): string {
  const bare = coldStarts.find(({ function: name }) => name === reference)
  return table(
    'Cold starts',
    ['function', 'read at the start', 'start', 'to the bare client', 'CPU', 'to the bare client'],
    coldStarts.map(({ function: name, bytes, milliseconds, cpuMilliseconds }) => [
      name,
      `${formatInteger(bytes / 1024)} KiB`,
      `${formatInteger(milliseconds)} ms`,
      ratio(milliseconds, bare?.milliseconds),
      `${formatInteger(cpuMilliseconds)} ms`,
      ratio(cpuMilliseconds, bare?.cpuMilliseconds),
    ]),
  )
}
