import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const folder = 'test/integration'

/**
 * The integration tests run in lanes, side by side on one stack; the files of a lane run one after
 * another. Files that would disturb each other share a lane: the first whose pattern their source
 * matches. Files that match none go to the last lane: their tenants, queues and brokers are their own.
 */
const lanes: readonly RegExp[] = [
  // Has a stack of its own.
  /torture\/torture\.ts/,
  // The broker of .local/own-broker, and the package of another cell in .serverless.
  /support\/(own-broker|drill-cell)\.ts|\bdeploy\(cloud/,
  // The dead-letter queues of the cell `main`, where a receive hides messages from other receivers for
  // a second, and its queues when they are to be empty.
  /demo\/peek\.ts|support\/(console|journey)\.ts|'dlq'|emptied\(/,
]

/** @returns the paths of the integration tests, by lane */
export async function readLanes(): Promise<string[][]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'))
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const source = await readFile(path, 'utf8')
      const lane = lanes.findIndex((pattern) => pattern.test(source))
      return { path, lane: lane < 0 ? lanes.length : lane }
    }),
  )
  const byLane = Map.groupBy(files, ({ lane }) => lane)
  return [...byLane.values()].map((some) => some.map(({ path }) => path))
}
