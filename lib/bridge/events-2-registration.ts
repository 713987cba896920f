import { EcosError } from '../errors.ts'
import type { Log } from '../log.ts'
import { keepRegistered } from '../records/events-2/keep-registered.ts'
import { register } from '../records/events-2/registry.ts'
import { events2Interests, type InterestsOf } from '../records/interests.ts'
import { events2Tenant } from '../tenants/events-2.ts'
import type { Tenant } from '../tenants/tenants-file.ts'
import { whenAborted } from '../waiting.ts'
import type { Session } from '../zookeeper/connection.ts'
import type { ZooKeeper } from '../zookeeper/zookeeper.ts'
import type { Topology } from './topology.ts'

/** Registers the bridge with the sources of events 2.0. */
export interface Events2Registration {
  /** Call it for every declared queue: events sent before would be lost. */
  onDeclared(topology: Pick<Topology, 'wire'>): void
  /** Registers once, if the queue is declared. Never rejects: the next run tries again. */
  once(): Promise<void>
  /** Registers once the queue is declared, and renews until `stop` is aborted. */
  keep(stop: AbortSignal): Promise<void>
}

export interface Events2RegistrationOptions {
  readonly tenants: readonly Tenant[]
  readonly connect: (servers: string, session?: Session) => Promise<ZooKeeper>
  /** `host:port`, separated by commas. */
  readonly servers: string | undefined
  readonly log: Log
  /** Interests besides those in tenants.yml (default: none). */
  readonly interestsOf?: InterestsOf
}

/**
 * The registration of the tenant that has events 2.0; does nothing if there is none.
 *
 * @throws EcosError `missing-variable` without servers; `several-events-2`
 */
export function createEvents2Registration(
  options: Events2RegistrationOptions,
): Events2Registration {
  const { tenants, connect, servers, log } = options
  const interestsOf = events2Interests(tenants, options.interestsOf)
  const tenant = events2Tenant(tenants)
  if (tenant === undefined) {
    return { onDeclared: () => undefined, once: async () => undefined, keep: async () => undefined }
  }
  if (servers === undefined) {
    throw new EcosError(
      'missing-variable',
      `Missing environment variables: ZOOKEEPER_SERVERS (tenant ${tenant.id} speaks events 2.0)`,
    )
  }
  const { target } = tenant.events2
  const declared = Promise.withResolvers<void>()
  let isDeclared = false

  return {
    onDeclared({ wire }) {
      if (wire !== '2.0') return
      isDeclared = true
      declared.resolve()
    },
    async once() {
      if (!isDeclared) return
      try {
        const interests = await interestsOf(tenant.id)
        const zooKeeper = await connect(servers)
        await register(zooKeeper, target, interests).finally(() => zooKeeper.close())
      } catch (error) {
        const about = { tenant: tenant.id, target, error: error as Error }
        log.error('The registration for events 2.0 failed and may be out of date', about)
      }
    },
    async keep(stop) {
      await Promise.race([declared.promise, whenAborted(stop)])
      await keepRegistered({
        tenant: tenant.id,
        target,
        interestsOf,
        connect: (session) => connect(servers, session),
        log,
        stop,
      })
    },
  }
}
