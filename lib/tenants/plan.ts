import { channelNames } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { type EventType, eventTypes } from '../events/catalogue.ts'
import type { AmazonMqBroker } from './brokers.ts'
import { tenantsOfCell } from './cell-tenants.ts'
import { events2Tenant } from './events-2.ts'
import type { Tenant } from './tenants-file.ts'

/** A rule that routes one tenant's events of one type to the queue of the type. */
export interface PlannedRule {
  readonly tenant: string
  readonly type: EventType
}

/** An event source mapping: Lambda consumes the tenant's queue at an Amazon MQ broker. */
export interface PlannedSource {
  readonly tenant: string
  readonly broker: AmazonMqBroker
}

/** A cell's tenants, a rule for each tenant and type, and the Amazon MQ sources. */
export interface CellPlan {
  readonly cell: string
  readonly tenants: readonly Tenant[]
  readonly rules: readonly PlannedRule[]
  readonly sources: readonly PlannedSource[]
}

/** Rules on a bus, by default (EventBridge quotas; adjustable). */
export const maxRules = 300
/** EventBridge creates a managed rule for an archive (user guide, eb-archive). */
const archiveRules = 1
/** Resources in a stack (CloudFormation quotas). */
export const maxResources = 500

/** Resources that do not depend on tenants; a test compares the sum with the packaged template. */
const cellResources = 25
const resourcesPerType = 8
const resourcesPerChannel = 6
/** Metrics of one alarm (CloudWatch quotas, alarms on metric math). */
export const maxMetricsPerAlarm = 10
/** The topic, the dashboard and the alarms whose number is fixed. */
const monitoringResources = 10
/** For each channel: old notifications, failing deliveries. */
const alarmsPerChannel = 2
/** The drain and due-notifications. */
const cellFunctions = 2

/** Resources that the first Amazon MQ source adds beside the source itself. */
export const amazonMqResources = 4

/**
 * Plans a cell, and refuses one that AWS would refuse half-way through a deployment.
 *
 * @throws EcosError `cell-too-large`, naming the cell, the limit and what to do; `cell-empty`; `several-events-2`
 */
export function planCell(tenants: readonly Tenant[], cell: string): CellPlan {
  const members = tenantsOfCell(tenants, cell)
  if (members.length === 0) {
    throw new EcosError(
      'cell-empty',
      `No tenant in tenants.yml has the cell ${cell}: add a tenant to it, or deploy another cell`,
    )
  }
  events2Tenant(members)
  const rules = members.flatMap(({ id, events }) => events.map((type) => ({ tenant: id, type })))
  refuseAbove(cell, rules.length + archiveRules, maxRules, 'rules on its bus')
  const sources = members.flatMap(({ id, broker }) => (broker ? [{ tenant: id, broker }] : []))
  refuseAbove(cell, countResources({ rules, sources }), maxResources, 'resources in its stack')
  return { cell, tenants: members, rules, sources }
}

/** Counts the resources of the cell's stack. */
export function countResources({ rules, sources }: Pick<CellPlan, 'rules' | 'sources'>): number {
  return (
    cellResources +
    resourcesPerType * eventTypes.length +
    resourcesPerChannel * channelNames.length +
    countAlarms(sources.length > 0) +
    rules.length +
    (sources.length > 0 ? amazonMqResources : 0) +
    sources.length
  )
}

/** Grouped alarms: dead letters of handlers and of senders, ages of events and of dead letters, errors, throttles. */
function countAlarms(hasAmazonMq: boolean): number {
  const groupsOf = (metrics: number) => Math.ceil(metrics / maxMetricsPerAlarm)
  const [types, channels] = [eventTypes.length, channelNames.length]
  const functions = types + channels + cellFunctions + (hasAmazonMq ? 1 : 0)
  return (
    monitoringResources +
    alarmsPerChannel * channels +
    groupsOf(channels) +
    2 * groupsOf(types) +
    groupsOf(types + channels + 1) +
    2 * groupsOf(functions)
  )
}

function refuseAbove(cell: string, count: number, limit: number, what: string): void {
  if (count <= limit) return
  throw new EcosError(
    'cell-too-large',
    `The cell ${cell} would have ${count} ${what}, and AWS allows ${limit}: ` +
      'move some of its tenants to another cell in tenants.yml',
  )
}
