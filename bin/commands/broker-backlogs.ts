import type { Backlog } from '../../console/server/observed.ts'
import { bridgeQueues, labelOf, withBypasses } from '../../lib/bridge/bridge-queue.ts'
import { topologiesOf } from '../../lib/bridge/topology.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'

/**
 * The tenants' messages at the broker: in the queues of events 1.0 and 2.0 together, and in the pools.
 *
 * @param count the messages of a queue; undefined if it does not exist
 */
export async function backlogsOf(
  tenants: readonly Tenant[],
  count: (queue: string) => Promise<number | undefined>,
): Promise<Backlog[]> {
  const queues = withBypasses(bridgeQueues(tenants.flatMap(topologiesOf)))
  const counting = queues.map(async (queue): Promise<Backlog> => {
    const counts = await Promise.all([count(queue.name), count(queue.deadLetterQueue)])
    const [waiting = 0, dead = 0] = counts
    const pooled = queue.topologies.map(({ tenant }) => tenant)
    const deadLetterQueues = dead > 0 ? [queue.deadLetterQueue] : []
    const ofPool = queue.owner === undefined && { pooled, deadLetterQueues }
    return { tenant: labelOf(queue), waiting, dead, ...ofPool }
  })
  const backlogs = await Promise.all(counting)
  return [...Map.groupBy(backlogs, ({ tenant }) => tenant).values()].map(sum)
}

function sum(of: readonly Backlog[]): Backlog {
  const total = (countOf: (one: Backlog) => number) =>
    of.reduce((all, one) => all + countOf(one), 0)
  const [first] = of as readonly [Backlog]
  const counts = { waiting: total(({ waiting }) => waiting), dead: total(({ dead }) => dead) }
  if (first.deadLetterQueues === undefined) return { ...first, ...counts }
  return {
    ...first,
    ...counts,
    deadLetterQueues: of.flatMap(({ deadLetterQueues = [] }) => deadLetterQueues),
  }
}
