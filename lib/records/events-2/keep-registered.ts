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
  /** The application as which the bridge registers. */
  readonly target: string
  readonly interestsOf: InterestsOf
  /** Connects within the session, or in a new one where there is none, or where it has expired. */
  readonly connect: (session?: Session) => Promise<ZooKeeper>
  readonly log: Log
  /** Aborted when the registration is to be left as it is. */
  readonly stop: AbortSignal
  /** Milliseconds between two looks at what is registered and what is wanted (default 30,000). */
  readonly every?: number
}

/** Milliseconds between two attempts to reach ZooKeeper. */
const connectBackOff = { firstWait: 500, longestWait: 30_000 }

/**
 * Keeps what is registered the same as what is wanted: after every connection, since the servers may
 * have lost it, and from time to time, since the wishes may change and others may delete it. When it
 * ends the nodes stay: the queue gathers events until the next bridge, and `bridge withdraw` ends that.
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
      log.warn('The registration for events 2.0 is not kept; it is tried again', {
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
  const { interestsOf, log, stop, tenant, target, every = 30_000 } = options
  const over = AbortSignal.any([stop, zooKeeper.lost])
  try {
    while (!over.aborted) {
      const changes = await register(zooKeeper, target, await interestsOf(tenant))
      onRegistered()
      if (changes.written + changes.deleted > 0) {
        log.info('Registered for events 2.0', { tenant, target, ...changes })
      }
      await pause(every, over)
    }
  } finally {
    // The session of a connection that is lost may go on; that of one that is there would be left over.
    if (!zooKeeper.lost.aborted) await zooKeeper.close()
  }
  if (!stop.aborted) throw zooKeeper.lost.reason
}
