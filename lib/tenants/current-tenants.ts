import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { CellTenants } from './published.ts'

/** What a source of tenants says: nothing new since the known version, or a version with its tenants. */
export type ReadTenants = (known: string | undefined) => Promise<'unchanged' | VersionedTenants>

export interface VersionedTenants extends CellTenants {
  /** Names this state of the tenants, for logs and for the next read. */
  readonly version: string
}

/** The tenants of a cell at this moment. */
export interface CurrentTenants {
  /** Reads again what is older than 30 s; the last good ones where that fails. */
  get(): Promise<VersionedTenants>
  /** Since when (ISO 8601) and why the tenants can't be read; undefined if they can. */
  problem(): { readonly since: string; readonly problem: string } | undefined
}

export interface CurrentTenantsOptions {
  readonly read: ReadTenants
  /** The tenants to start with where the source can't be read, such as those of the package. */
  readonly fallback?: (() => VersionedTenants) | undefined
  readonly log: Log
  /** Called for each read that fails. */
  readonly onUnreadable?: () => void
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** Milliseconds for which tenants are used without another look. */
export const tenantsLast = 30_000

/** Caches the tenants. A read that fails costs nothing but currency: the last good ones are kept. */
export function createCurrentTenants(options: CurrentTenantsOptions): CurrentTenants {
  const { read, fallback, log, onUnreadable, now = () => performance.now() } = options
  let current: VersionedTenants | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<VersionedTenants> | undefined
  let problem: { since: string; problem: string } | undefined

  return {
    async get() {
      if (current !== undefined && now() - readAt < tenantsLast) return current
      reading ??= readOrKeep().finally(() => {
        reading = undefined
      })
      return reading
    },
    problem: () => problem,
  }

  /** Rejects only where there are no tenants to go on with. */
  async function readOrKeep(): Promise<VersionedTenants> {
    try {
      const answer = await read(current?.version)
      if (answer !== 'unchanged') take(answer)
      if (problem !== undefined) log.info('The tenants can be read again', { since: problem.since })
      problem = undefined
    } catch (error) {
      onUnreadable?.()
      if (current === undefined && fallback === undefined) throw error
      problem = { since: problem?.since ?? new Date().toISOString(), problem: messageOf(error) }
      log.error('The tenants could not be read; the last good ones are kept', {
        error: error as Error,
        version: current?.version,
      })
      if (current === undefined && fallback !== undefined) take(fallback())
    }
    readAt = now()
    return current as VersionedTenants
  }

  function take(answer: VersionedTenants): void {
    const { version, tenants, leaving } = answer
    if (current !== undefined && current.version !== version) {
      log.info('The tenants have changed', {
        version,
        tenants: tenants.length,
        leaving: ids(leaving),
      })
    }
    current = answer
  }
}

function ids(tenants: CellTenants['leaving']): string[] {
  return tenants.map(({ id }) => id)
}
