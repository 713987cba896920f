import { resolve } from 'node:path'
import { startZooKeeper, type ZooKeeperPart } from '../../local/zookeeper.ts'

/** A ZooKeeper of this test file's own. */
export function newZooKeeper(): Promise<ZooKeeperPart> {
  return startZooKeeper({
    stateDir: resolve('.local'),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  })
}
