import { resolve } from 'node:path'
import type { Progress } from '../../local/progress.ts'
import { endSurvivors } from '../../local/survivors.ts'
import { startZooKeeper, type ZooKeeperPart } from '../../local/zookeeper.ts'
import { type RigBroker, startRigBroker } from './broker.ts'

/** The servers of a run that the rig starts itself, since faults stop them. */
export interface Servers {
  readonly broker: RigBroker
  readonly zooKeeper: ZooKeeperPart
  stop(): Promise<void>
}

export async function startServers(onProgress: Progress): Promise<Servers> {
  const stateDir = resolve('.local', 'rig-zookeeper')
  // Of a run that was killed.
  await endSurvivors(stateDir)
  const { signal } = new AbortController()
  const broker = await startRigBroker(resolve('.local', 'rig-broker'))
  try {
    const zooKeeper = await startZooKeeper({ stateDir, onProgress, signal })
    return {
      ...{ broker, zooKeeper },
      async stop() {
        await Promise.all([broker.stop(), zooKeeper.stop()])
      },
    }
  } catch (error) {
    await broker.stop()
    throw error
  }
}
