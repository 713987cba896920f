import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const folder = 'test/integration'

/**
 * The integration tests run in lanes, side by side on one stack; the files of a lane run one after
 * another. Files that would disturb each other share a lane: that of the first pattern that their source
 * matches. Files that match none have a lane too: their tenants, queues and brokers are their own.
 */
const lanes: readonly (readonly [RegExp, lane: string])[] = [
  [/torture\/torture\.ts/, 'own stacks and stubs'],
  // The broker of .local/own-broker, and the package of another cell in .serverless.
  [/support\/(own-broker|drill-cell)\.ts|\bdeploy\(cloud/, 'own brokers and cells'],
  // The dead-letter queues of the cell `main`, where a receive hides messages from other receivers for
  // a second.
  [/demo\/peek\.ts|support\/(console|journey|resting)\.ts|'dlq'/, 'dead-letter queues of the cell'],
  // They use the shared broker alone: beside the torture, so that the lanes take about the same time.
  [/startAwsStub|startBusStub/, 'own stacks and stubs'],
]

/** @returns the paths of the integration tests, by lane */
export async function readLanes(): Promise<string[][]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'))
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const source = await readFile(path, 'utf8')
      const [, lane] = lanes.find(([pattern]) => pattern.test(source)) ?? []
      return { path, lane }
    }),
  )
  const byLane = Map.groupBy(files, ({ lane }) => lane)
  return [...byLane.values()].map((some) => some.map(({ path }) => path))
}
