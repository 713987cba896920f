import { channelNames } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { eventTypes } from '../events/catalogue.ts'
import type { AmazonMqBroker } from './brokers.ts'
import { tenantsOfCell } from './cell-tenants.ts'
import { events2Tenant } from './events-2.ts'
import { defaultPartitions } from './partition.ts'
import { maxPatternLength, type PlannedRule, planRules, ruleName } from './partition-rules.ts'
import type { Tenant } from './tenants-file.ts'

/** An event source mapping: Lambda consumes the tenant's queue at an Amazon MQ broker. */
export interface PlannedSource {
  readonly tenant: string
  readonly broker: AmazonMqBroker
}

/** A cell's tenants, its rules by type and partition, and the Amazon MQ sources. */
export interface CellPlan {
  readonly cell: string
  readonly tenants: readonly Tenant[]
  /** How many partitions the tenants share. */
  readonly partitions: number
  readonly rules: readonly PlannedRule[]
  /** How many more rules the bus takes: those of tenants' own functions, and of replays while they run. */
  readonly rulesLeft: number
  readonly sources: readonly PlannedSource[]
}

/** The settings on which a cell's rules depend. */
export interface RuleSettings {
  readonly partitions: number
  /** Rules that the cell leaves to tenants' own functions and to replays. */
  readonly reservedRules: number
}

export const defaultRuleSettings: RuleSettings = {
  partitions: defaultPartitions,
  reservedRules: 50,
}

/** Rules on a bus, by default (EventBridge quotas; adjustable). */
export const maxRules = 300
/** EventBridge creates a managed rule for an archive (user guide, eb-archive). */
const archiveRules = 1
/** Resources in a stack (CloudFormation quotas). */
export const maxResources = 500

/** Resources that do not depend on tenants; a test compares the sum with the packaged template. */
const cellResources = 24
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

/** Of people's own pages, which a setting adds: function, log group, role, URL and two permissions. */
const ownPageResources = 6

/** Resources that the first Amazon MQ source adds beside the source itself. */
export const amazonMqResources = 4

/**
 * Plans a cell, and refuses one that AWS would refuse half-way through a deployment.
 *
 * @throws EcosError `cell-too-large`, naming the cell, the limit and what to do; `no-such-partition`;
 *   `several-events-2`
 */
export function planCell(
  tenants: readonly Tenant[],
  cell: string,
  settings: RuleSettings & { readonly ownPage?: boolean } = defaultRuleSettings,
): CellPlan {
  const { partitions, reservedRules, ownPage = false } = settings
  const members = tenantsOfCell(tenants, cell)
  events2Tenant(members)
  refuseUnknownPartitions(members, partitions)
  const rules = planRules(members, partitions)
  const rulesLeft = maxRules - archiveRules - rules.length
  refuseTooManyRules(cell, rules, rulesLeft, reservedRules)
  const sources = members.flatMap(({ id, broker }) => (broker ? [{ tenant: id, broker }] : []))
  const resources = countResources({ rules, sources })
  refuseTooManyResources(cell, resources + (ownPage ? ownPageResources : 0))
  return { cell, tenants: members, partitions, rules, rulesLeft, sources }
}

/** The rules on the bus with that of the archive, without those of tenants' functions and of replays. */
export function usedRules({ rulesLeft }: Pick<CellPlan, 'rulesLeft'>): number {
  return maxRules - rulesLeft
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

function refuseUnknownPartitions(tenants: readonly Tenant[], partitions: number): void {
  for (const { id, partition } of tenants) {
    if (typeof partition !== 'number' || partition < partitions) continue
    throw new EcosError(
      'no-such-partition',
      `The tenant ${id} has the partition ${partition}, and the partitions of its cell are 0 to ` +
        `${partitions - 1}: correct it in tenants.yml, or raise the setting partitions`,
    )
  }
}

function refuseTooManyRules(
  cell: string,
  rules: readonly PlannedRule[],
  rulesLeft: number,
  reservedRules: number,
): void {
  if (rulesLeft < reservedRules) {
    throw new EcosError(
      'cell-too-large',
      `The cell ${cell} would have ${maxRules - rulesLeft} rules on its bus and keeps ${reservedRules} for ` +
        `tenants' functions (reservedRules), and AWS allows ${maxRules}: lower the setting partitions, or ` +
        'have fewer tenants with partition: own',
    )
  }
  const longest = rules.find(({ pattern }) => JSON.stringify(pattern).length > maxPatternLength)
  if (longest === undefined) return
  throw new EcosError(
    'cell-too-large',
    `The pattern of the rule ${ruleName(longest)} of the cell ${cell} would be longer than the ` +
      `${maxPatternLength} characters that AWS allows: have fewer tenants with partition: own`,
  )
}

function refuseTooManyResources(cell: string, count: number): void {
  if (count <= maxResources) return
  throw new EcosError(
    'cell-too-large',
    `The cell ${cell} would have ${count} resources in its stack, and AWS allows ${maxResources}: ` +
      'move some of its tenants to another cell in tenants.yml',
  )
}
