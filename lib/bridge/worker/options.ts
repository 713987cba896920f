import type { PayloadStore } from '../../events/payload-store.ts'
import type { Log } from '../../log.ts'
import type { InterestsOf } from '../../records/interests.ts'
import type { PartitionOf } from '../../tenants/partition.ts'
import type { CellTenants } from '../../tenants/published.ts'
import type { Broker } from '../broker.ts'
import type { Declare } from '../declaring.ts'
import type { OnDepths } from '../depths.ts'
import type { LetGo } from '../leaving.ts'
import type { Bus } from '../publish/bus.ts'
import type { RateLimit } from '../publish/rate-limit.ts'
import type { Quarantine } from '../quarantine.ts'
import type { Fate } from '../settle-message.ts'
import type { Topology } from '../topology.ts'

export interface WorkerOptions {
  /** The tenants at this moment: those that come are taken on, and those that go are let go. */
  readonly tenants: () => CellTenants
  /** @throws EcosError when the broker can't be reached */
  readonly connect: () => Promise<Broker>
  readonly bus: Bus
  readonly quarantine: Quarantine
  readonly payloads: PayloadStore
  /** Makes sure that both stores answer (default: they are taken to). @throws EcosError `store-unavailable` */
  readonly checkStores?: () => Promise<void>
  /** Finds a tenant's partition (default: the default rules take all events). */
  readonly partitionOf?: PartitionOf
  readonly log: Log
  /** Aborted when the worker is to end: it takes no more messages and finishes what is in flight. */
  readonly stop: AbortSignal
  /**
   * Messages that may be out at once, over all tenants, at most (default 12 for each of `mostCalls`, or,
   * where that is more, 10 for each queue up to 10,000): bounds the memory. Fewer are out while fewer calls
   * are in flight.
   */
  readonly prefetch?: number
  /** Remembers what was declared, beyond a connection (default: a memory of the worker's own). */
  readonly declare?: Declare
  /** Remembers what was unbound of tenants that go (default: a memory of the worker's own). */
  readonly letGo?: LetGo
  /** PutEvents calls in flight at once, at most (default 128): as many as their latency needs. */
  readonly mostCalls?: number
  /** How many PutEvents calls a second are allowed, those that fail among them (default: no limit). */
  readonly rateLimit?: RateLimit
  /**
   * Milliseconds that messages are held while the bus takes none (default 600,000). A broker closes
   * the channel of who holds one for longer than its `consumer_timeout` (30 minutes by default, 15 in
   * some versions). So they go back before, once, and none is taken until the bus answers again.
   */
  readonly holdFor?: number
  /** What is wanted of record events, beside what tenants.yml says (default: nothing). */
  readonly interestsOf?: InterestsOf
  /** Told where each message went, once it is settled or left to the broker. */
  readonly onFate?: (tenant: string, fate: Fate) => void
  /** Told every minute what lies at the broker. */
  readonly onDepths?: OnDepths
  /** Called with the broker's reason when it blocks publishing, and with undefined when it resumes. */
  readonly onBlocked?: (reason: string | undefined) => void
  /** Called when the broker refuses to have a tenant's queue consumed. */
  readonly onRefused?: (tenant: string) => void
  /** Told whenever a queue has been declared and bound: from then on its events are kept. */
  readonly onDeclared?: (topology: Topology) => void
}
