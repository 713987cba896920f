import { createBackOff } from '../../back-off.ts'
import { messageOf } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { pause } from '../../waiting.ts'
import type { Session } from '../../zookeeper/connection.ts'
import type { ZooKeeper } from '../../zookeeper/zookeeper.ts'
import type { InterestsOf } from '../interests.ts'
import { register } from './registry.ts'

export interface KeepRegisteredOptions {
  readonly tenant: string
  /** The application name under which the bridge registers. */
  readonly target: string
  readonly interestsOf: InterestsOf
  /** Resumes the session; opens a new one when none is given or it has expired. */
  readonly connect: (session?: Session) => Promise<ZooKeeper>
  readonly log: Log
  /** Ends the loop; the registration stays as it is. */
  readonly stop: AbortSignal
  /** Milliseconds between two comparisons of registration and interests (default 30,000). */
  readonly checkInterval?: number
}

/** Milliseconds between two attempts to reach ZooKeeper. */
const connectBackOff = { firstWait: 500, longestWait: 30_000 }

/**
 * Keeps the registration equal to the interests. It is compared after every connection, since the servers
 * may have lost it, and at intervals, since the interests change and others may delete nodes. The nodes
 * stay at the end, so that the queue collects events until the next bridge; `bridge withdraw` removes them.
 */
export async function keepRegistered(options: KeepRegisteredOptions): Promise<void> {
  const { connect, log, stop, tenant, target } = options
  const backOff = createBackOff(connectBackOff)
  let session: Session | undefined

  while (!stop.aborted) {
    try {
      const zooKeeper = await connect(session)
      session = zooKeeper.session
      await keepWhileConnected(zooKeeper, options, () => backOff.reset())
    } catch (error) {
      const reason = messageOf(error)
      log.warn('Could not keep the registration for events 2.0; retrying', {
        tenant,
        target,
        reason,
      })
      await backOff.wait(stop)
    }
  }
}

async function keepWhileConnected(
  zooKeeper: ZooKeeper,
  options: KeepRegisteredOptions,
  onRegistered: () => void,
): Promise<void> {
  const { interestsOf, log, stop, tenant, target, checkInterval = 30_000 } = options
  const over = AbortSignal.any([stop, zooKeeper.lost])
  try {
    while (!over.aborted) {
      const changes = await register(zooKeeper, target, await interestsOf(tenant))
      onRegistered()
      if (changes.written + changes.deleted > 0) {
        log.info('Registered for events 2.0', { tenant, target, ...changes })
      }
      await pause(checkInterval, over)
    }
  } finally {
    // The session of a lost connection is resumed by the next one; any other must be ended here.
    if (!zooKeeper.lost.aborted) await zooKeeper.close()
  }
  if (!stop.aborted) throw zooKeeper.lost.reason
}
