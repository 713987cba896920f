import { loadavg } from 'node:os'
import type { Growth } from './ledger/growth.ts'
import type { Findings } from './ledger/ledger.ts'
import type { Quiet } from './ledger/quiet.ts'
import type { Producer } from './load/produce.ts'
import type { Plan, PlannedFault } from './plan/plan.ts'
import type { Problem } from './verdict/verdict.ts'

export interface RunReport {
  readonly seed: number
  readonly queues: string
  readonly passed: boolean
  readonly problems: readonly Problem[]
  readonly faults: readonly PlannedFault[]
  readonly figures: Readonly<Record<string, number | string>>
}

interface Run {
  readonly plan: Plan
  /** The version of RabbitMQ. */
  readonly version: string
  readonly producer: Producer
  readonly findings: Findings
  readonly quiet: Quiet
  readonly growth: Growth
  readonly late: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
  readonly workerExit: number | null
}

export function reportOf({
  plan,
  version,
  producer,
  findings,
  quiet,
  growth,
  late,
  problems,
  workerExit,
}: Run): RunReport {
  const all = [...problems]
  if (quiet.after === undefined) {
    const left = [...quiet.left].map(([queue, depth]) => `${queue}: ${depth}`).join(', ')
    all.push({ kind: 'not-quiet', text: `still under way: ${left}` })
  }
  if (workerExit !== 0)
    all.push({ kind: 'worker-exit', text: `the worker ended with ${workerExit}` })
  const copies = [...producer.copies.values()].reduce((sum, count) => sum + count, 0)
  const onBus = findings.bus.filter(({ detailType }) => !detailType.startsWith('notification.'))
  return {
    seed: plan.seed,
    queues: plan.queues,
    passed: all.length === 0,
    problems: all,
    faults: plan.faults,
    figures: {
      RabbitMQ: version,
      load: Math.round(loadavg()[1] ?? 0),
      messages: plan.messages.length,
      megabytes: Math.round(producer.bytes / 1e6),
      published: copies,
      returned: producer.returned.size,
      'on the bus': onBus.length,
      'twice on the bus':
        onBus.length - new Set(onBus.map(({ source, mark }) => source + mark)).size,
      'handled events': findings.events.length,
      notifications: findings.notifications.length,
      arrivals: findings.arrivals.length,
      'arrived again': againByChannel(findings.arrivals),
      uncertain: findings.notifications.filter(({ state }) => state === 'UNCERTAIN').length,
      'set aside': findings.letters.length,
      'set aside again':
        findings.letters.length -
        new Set(findings.letters.map(({ mark, queue }) => `${queue}/${mark}`)).size,
      'late answers':
        [...late].map(([action, count]) => `${count} ${action}`).join(' + ') || 'none',
      "the worker's MB": growth.megabytes,
      "the worker's handles": growth.handles,
      'quiet after': quiet.after === undefined ? 'never' : `${quiet.after} s`,
    },
  }
}

/** Second copies, in all and by channel: `5 (4 webhook + 1 email)`. */
function againByChannel(arrivals: Findings['arrivals']): string {
  const once = new Set<string>()
  const again = arrivals.filter((one) => {
    const key = JSON.stringify(one)
    return once.has(key) || !once.add(key)
  })
  const channels = Map.groupBy(again, ({ channel }) => channel)
  const counts = [...channels].map(([channel, some]) => `${some.length} ${channel}`)
  return counts.length === 0 ? '0' : `${again.length} (${counts.join(' + ')})`
}

/** Problems of each kind that a report prints. */
const shown = 5

export function reportText({ seed, queues, passed, problems, faults, figures }: RunReport): string {
  const kinds = Map.groupBy(problems, ({ kind }) => kind)
  const names = Map.groupBy(faults, ({ name }) => name)
  return [
    `Seed ${seed} (queues ${queues}): ${passed ? 'passed' : 'FAILED'}`,
    `  ${Object.entries(figures)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    `  faults: ${[...names].map(([name, some]) => `${name} ×${some.length}`).join(', ')}`,
    ...[...kinds].flatMap(([kind, some]) => [
      `  ${kind}: ${some.length}`,
      ...some
        .slice(0, shown)
        .flatMap(({ text, records = [] }) => [
          `    ${text}`,
          ...records.map((record) => `      on record: ${record}`),
        ]),
    ]),
  ].join('\n')
}
