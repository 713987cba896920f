import { readdir } from 'node:fs/promises'

const folder = 'test/integration'

/**
 * The integration tests run in lanes, side by side on one stack; the files of a lane run one after
 * another. Files that would disturb each other share a lane. The last lane has all files that are not
 * listed: their tenants, queues and brokers are their own.
 */
const lanes: readonly (readonly string[])[] = [
  // They receive from the dead-letter queues of the cell `main`, which hides a message from other
  // receivers for a second. `package` and `tenant-function` pack this package into the same folder.
  [
    'bridge-amazon-mq',
    'channels',
    'console',
    'dlq-command',
    'load',
    'package',
    'pipeline',
    'replay',
    'states',
    'tenant-function',
  ],
  // They start the broker of .local/own-broker, or package a cell of their own in .serverless.
  ['broker-faults', 'drills', 'record-events', 'undelivered'],
]

/** @returns the paths of the integration tests, by lane */
export async function readLanes(): Promise<string[][]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.test.ts'))
  const names = files.map((file) => file.replace(/\.test\.ts$/, ''))
  const listed = lanes.flat()
  const unknown = listed.filter((name) => !names.includes(name))
  if (unknown.length > 0) throw new Error(`No such integration tests: ${unknown.join(', ')}`)
  const rest = names.filter((name) => !listed.includes(name))
  return [...lanes, rest].map((lane) => lane.map((name) => `${folder}/${name}.test.ts`))
}
