import { messageOf } from '../errors.ts'
import { targetKey } from '../records/events-2/keys.ts'
import { events2Tenant } from '../tenants/events-2.ts'
import type { CellTenants } from '../tenants/published.ts'
import { pause } from '../waiting.ts'
import {
  createEvents2Registration,
  type Events2Registration,
  type Events2RegistrationOptions,
} from './events-2-registration.ts'
import type { Topology } from './topology.ts'

/** Milliseconds between two looks at the tenants. */
const lookEvery = 1_000

/** A registration that follows the tenants. */
export interface FollowedRegistration {
  onDeclared(topology: Topology): void
  keep(stop: AbortSignal): Promise<void>
}

interface Kept {
  /** The tenant's settings for events 2.0, as text. */
  readonly of: string
  readonly registration: Events2Registration
  readonly end: AbortController
}

/**
 * Keeps the registration of the tenant that has events 2.0, whichever that is at the moment. The registration
 * of a tenant that is gone stays at the sources: `bridge withdraw` removes it.
 *
 * @param nextLook waits until the tenants are looked at again (default: a second)
 * @throws EcosError `missing-variable`, `several-events-2`: for the tenants of the start
 */
export function followRegistration(
  {
    tenants,
    ...options
  }: Omit<Events2RegistrationOptions, 'tenants'> & { readonly tenants: () => CellTenants },
  nextLook: (stop: AbortSignal) => Promise<void> = (stop) => pause(lookEvery, stop),
): FollowedRegistration {
  const declared = new Set<string>()
  let known = tenants()
  let kept = create()

  return {
    onDeclared(topology) {
      if (topology.wire === '2.0') declared.add(topology.queue)
      kept.registration.onDeclared(topology)
    },
    async keep(stop) {
      const keeping = new Set([keep(kept, stop)])
      while (!stop.aborted) {
        await nextLook(stop)
        if (tenants() === known) continue
        known = tenants()
        try {
          const next = settingsOf()
          if (next === kept.of) continue
          kept.end.abort()
          kept = create()
          keeping.add(keep(kept, stop))
        } catch (error) {
          options.log.error('Events 2.0 keep their registration', { reason: messageOf(error) })
        }
      }
      await Promise.all(keeping)
    },
  }

  function create(): Kept {
    const registration = createEvents2Registration({ ...options, tenants: known.tenants })
    const target = events2Tenant(known.tenants)?.events2.target
    if (target !== undefined && declared.has(targetKey(target))) {
      registration.onDeclared({ wire: '2.0' })
    }
    return { of: settingsOf(), registration, end: new AbortController() }
  }

  function settingsOf(): string {
    const tenant = events2Tenant(known.tenants)
    return JSON.stringify(tenant && [tenant.id, tenant.events2]) ?? ''
  }
}

function keep({ registration, end }: Kept, stop: AbortSignal): Promise<void> {
  return registration.keep(AbortSignal.any([stop, end.signal]))
}
