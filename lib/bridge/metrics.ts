import { EcosError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { BridgeMetric } from '../metrics/names.ts'
import type { WriteMetrics } from '../metrics/write-metrics.ts'
import type { Depths, MessageCounts, OnDepths } from './depths.ts'
import type { Bus } from './publish/bus.ts'
import type { Fate } from './settle-message.ts'

const fateMetrics: Readonly<Record<Fate, BridgeMetric>> = {
  bridged: 'Bridged',
  quarantined: 'Quarantined',
  unasked: 'Unasked',
  returned: 'Returned',
  'dead-lettered': 'DeadLettered',
}
type FateCounts = { [metric in BridgeMetric]?: number }

/** One run of a bridge: a drain, or a minute of a worker. */
export interface BridgeRun {
  /** 1 if events could flow, else 0. */
  readonly drains: 0 | 1
  readonly milliseconds?: number
}

/** Counts what a bridge does between two writes. */
export interface BridgeMetrics {
  onFate(tenant: string, fate: Fate): void
  onDepths: OnDepths
  /** @param reason undefined when the broker accepts publishing again */
  onBlocked(reason: string | undefined): void
  /** The broker refuses to have the tenant's queue consumed. */
  onRefused(tenant: string): void
  /** Wraps the bus to count its failures. */
  watch(bus: Bus): Bus
  /**
   * Writes the counts since the last write: a line for the cell, and one for each tenant that has any.
   */
  write(run?: BridgeRun): void
}

/** @param log gets the tenants that have a backlog */
export function createBridgeMetrics(write: WriteMetrics, log: Log): BridgeMetrics {
  let fates = new Map<string, FateCounts>()
  let depths: Depths | undefined
  let failures = 0
  let throttles = 0
  let blocks = 0

  return {
    onFate(tenant, fate) {
      add(tenant, fateMetrics[fate])
    },
    onRefused(tenant) {
      add(tenant, 'ConsumeRefused')
    },
    onBlocked(reason) {
      if (reason !== undefined) blocks += 1
    },
    onDepths(latest) {
      depths = latest
      const lines = { waiting: longest(latest.waiting), deadLettered: longest(latest.deadLettered) }
      if (Object.values(lines).some((line) => Object.keys(line).length > 0)) {
        log.info('At the broker', lines)
      }
    },
    watch(bus) {
      return {
        async put(entries) {
          try {
            const results = await bus.put(entries)
            const failed = results.flatMap((one) => (one.status === 'failed' ? [one.code] : []))
            if (failed.length > 0) count(failed.some(isThrottling))
            return results
          } catch (error) {
            // A call refused for its content is no failure of the bus.
            if (!(error instanceof EcosError && error.code === 'call-refused')) {
              count(error instanceof Error && isThrottling(nameOf(error.cause)))
            }
            throw error
          }
        },
        check: () => bus.check(),
      }
    },
    write(run) {
      write({
        BusFailures: failures,
        BusThrottles: throttles,
        ...(blocks > 0 && { BrokerBlocked: blocks }),
        ...(run && { Drains: run.drains }),
        ...(run?.milliseconds !== undefined && { DrainDuration: run.milliseconds }),
        ...(depths && {
          BrokerBacklog: sum(depths.waiting),
          BrokerDeadLetters: sum(depths.deadLettered),
        }),
      })
      for (const [tenant, counts] of fates) write(counts, { tenant })
      fates = new Map()
      depths = undefined
      failures = 0
      throttles = 0
      blocks = 0
    },
  }

  function add(tenant: string, metric: BridgeMetric): void {
    const counts = fates.get(tenant) ?? {}
    counts[metric] = (counts[metric] ?? 0) + 1
    fates.set(tenant, counts)
  }

  function count(throttled: boolean): void {
    failures += 1
    if (throttled) throttles += 1
  }
}

/** AWS calls it ThrottlingException, ThrottledException or Throttling (SDK, service-error-classification). */
function isThrottling(code: string): boolean {
  return code.startsWith('Throttl') || code === 'TooManyRequestsException'
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : ''
}

/** Tenants in one log line. */
const mostTenants = 50

function longest(counts: MessageCounts): Record<string, number> {
  const filled = [...counts].filter(([, messages]) => messages > 0)
  return Object.fromEntries(filled.sort(([, a], [, b]) => b - a).slice(0, mostTenants))
}

function sum(counts: MessageCounts): number {
  return [...counts.values()].reduce((total, value) => total + value, 0)
}
