import { channelNames } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { type EventType, eventTypes } from '../events/catalogue.ts'
import type { AmazonMqBroker } from './brokers.ts'
import { events2Tenant } from './events-2.ts'
import { ruleName } from './names.ts'
import type { Tenant } from './tenants-file.ts'

/** A rule carries one tenant's events of one type to the queue of that type. */
export interface PlannedRule {
  readonly tenant: string
  readonly type: EventType
}

/** A tenant whose events Lambda takes from an Amazon MQ broker: a source for its queue. */
export interface PlannedSource {
  readonly tenant: string
  readonly broker: AmazonMqBroker
}

/** How a cell is partitioned: its tenants, a rule for each tenant and type, the Amazon MQ sources. */
export interface CellPlan {
  readonly cell: string
  readonly tenants: readonly Tenant[]
  readonly rules: readonly PlannedRule[]
  readonly sources: readonly PlannedSource[]
}

/** Rules on a bus, by default (EventBridge quotas; adjustable). */
export const mostRules = 300
/** The one that EventBridge itself makes for an archive (user guide, eb-archive). */
const rulesOfTheArchive = 1
/** Resources in a stack (CloudFormation quotas). */
export const mostResources = 500
/** Bytes of a queue's policy (SQS policy quotas). */
const mostPolicyBytes = 8192

/** What the template has however many tenants there are; a test counts the packaged template. */
const resourcesOfTheCell = 23
const resourcesOfAType = 8
const resourcesOfAChannel = 6
/** An alarm watches ten metrics at most (CloudWatch, limits of alarms on metric math). */
export const metricsOfAnAlarm = 10
/** The topic, the dashboard and the alarms that are as many whatever there is. */
const resourcesOfAlarms = 10
/** For each channel: old notifications, failing deliveries. */
const alarmsOfAChannel = 2
/** The functions that are neither a type's nor a channel's: drains, what is due. */
const functionsOfTheCell = 2

/** What it has more where there is any Amazon MQ source, beside the sources themselves. */
export const resourcesOfAmazonMq = 4

/** A policy's text without its rules, and what a rule's ARN adds to its name, at the longest region. */
const policyFrame = 400
const arnFrame = '"arn:aws-us-gov:events:ap-southeast-1:123456789012:rule//",'.length + 32

/**
 * Partitions one cell's tenants, and refuses what AWS would refuse half-way through a deployment.
 *
 * @throws EcosError `cell-too-large`, naming the cell, the limit and what to do; `cell-empty`; `several-events-2`
 */
export function planCell(tenants: readonly Tenant[], cell: string): CellPlan {
  const members = tenants.filter((tenant) => tenant.cell === cell)
  if (members.length === 0) {
    throw new EcosError(
      'cell-empty',
      `No tenant in tenants.yml has the cell ${cell}: add one, or deploy another`,
    )
  }
  events2Tenant(members)
  const rules = members.flatMap(({ id, events }) => events.map((type) => ({ tenant: id, type })))
  refuseAbove(cell, rules.length + rulesOfTheArchive, mostRules, 'rules on its bus')
  const sources = members.flatMap(({ id, broker }) => (broker ? [{ tenant: id, broker }] : []))
  refuseAbove(cell, countResources({ rules, sources }), mostResources, 'resources in its stack')
  for (const type of eventTypes) {
    const bytes = policyBytes(rules.filter((rule) => rule.type === type))
    refuseAbove(cell, bytes, mostPolicyBytes, `bytes in the policy of the queue for ${type}`)
  }
  return { cell, tenants: members, rules, sources }
}

/** The resources of the cell's stack. */
export function countResources({ rules, sources }: Pick<CellPlan, 'rules' | 'sources'>): number {
  return (
    resourcesOfTheCell +
    resourcesOfAType * eventTypes.length +
    resourcesOfAChannel * channelNames.length +
    countAlarms(sources.length > 0) +
    rules.length +
    (sources.length > 0 ? resourcesOfAmazonMq : 0) +
    sources.length
  )
}

/** Dead-letter queues and ages of handlers, those of senders, errors and throttles of functions. */
function countAlarms(hasAmazonMq: boolean): number {
  const alarmsFor = (metrics: number) => Math.ceil(metrics / metricsOfAnAlarm)
  const [types, channels] = [eventTypes.length, channelNames.length]
  const functions = types + channels + functionsOfTheCell + (hasAmazonMq ? 1 : 0)
  return (
    resourcesOfAlarms +
    alarmsOfAChannel * channels +
    alarmsFor(channels) +
    2 * alarmsFor(types) +
    2 * alarmsFor(functions)
  )
}

function policyBytes(rules: readonly PlannedRule[]): number {
  const names = rules.map(({ type, tenant }) => ruleName(type, tenant).length + arnFrame)
  return names.reduce((total, bytes) => total + bytes, policyFrame)
}

function refuseAbove(cell: string, count: number, most: number, what: string): void {
  if (count <= most) return
  throw new EcosError(
    'cell-too-large',
    `The cell ${cell} would have ${count} ${what}, and AWS allows ${most}: ` +
      'give some of its tenants another cell in tenants.yml',
  )
}
