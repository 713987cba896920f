import { resolve } from 'node:path'
import { startZooKeeper, type ZooKeeperPart } from '../../local/zookeeper.ts'

/** Starts a ZooKeeper for this test file. */
export function newZooKeeper(): Promise<ZooKeeperPart> {
  return startZooKeeper({
    stateDir: resolve('.local'),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  })
}
