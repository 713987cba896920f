import { type EventType, eventTypes } from '../events/catalogue.ts'
import { sourceOf, sourcePrefix } from '../events/source.ts'
import { pascal, shortHash } from './names.ts'
import { noPartition, ownPartition, partitionArn, sharedPartition } from './partition.ts'
import type { Tenant } from './tenants-file.ts'

/** Takes the events whose entry names no partition, or one for which the type has no rule; none of `off`. */
export const defaultPartition = 'default'

/** A rule of the cell's bus: one partition's events of one type, to the queue of the type. */
export interface PlannedRule {
  readonly type: EventType
  /** A partition's name, or `default`. It is the message group too. */
  readonly partition: string
  /** Whose partition it is, if the tenant shares it with nobody. */
  readonly tenant?: string
  readonly pattern: EventPattern
}

/** An event pattern of ours. */
export interface EventPattern {
  readonly source: readonly [string | { readonly prefix: string }]
  readonly 'detail-type': readonly [EventType]
  readonly resources: readonly (
    | string
    | { readonly exists: boolean }
    | { readonly 'anything-but': readonly string[] }
  )[]
}

/** Characters of an event pattern (EventBridge quotas; adjustable). */
export const maxPatternLength = 2048

/**
 * Plans the rules of a cell: of each type one for each partition that tenants share, one for each tenant with
 * a partition of its own, and the default rule. Every event of a tenant matches exactly one rule of its type.
 * The default rules see to it that none is lost while a bridge knows other partitions than the bus does, as
 * during a deployment.
 */
export function planRules(tenants: readonly Tenant[], partitions: number): PlannedRule[] {
  return eventTypes.flatMap((type) => {
    const shared = Array.from({ length: partitions }, (_, number) => {
      return sharedRule(type, sharedPartition(number))
    })
    const own = tenants
      .filter(({ partition, events }) => partition === 'own' && events.includes(type))
      .map(({ id }) => ownRule(type, id))
    const known = [...shared, ...own]
    return [...known, defaultRule(type, known)]
  })
}

/** The events of every tenant. The bridge's probe has another source. */
const everyTenant = [{ prefix: sourcePrefix }] as const

function sharedRule(type: EventType, partition: string): PlannedRule {
  const resources = [partitionArn(partition)]
  return { type, partition, pattern: { source: everyTenant, 'detail-type': [type], resources } }
}

/** Selects by the partition too: an event that still names the tenant's former one matches that one's rule. */
function ownRule(type: EventType, tenant: string): PlannedRule {
  const partition = ownPartition(tenant)
  const resources = [partitionArn(partition)]
  const source = [sourceOf(tenant)] as const
  return { type, partition, tenant, pattern: { source, 'detail-type': [type], resources } }
}

function defaultRule(type: EventType, known: readonly PlannedRule[]): PlannedRule {
  const excluded = [...known.map(({ partition }) => partition), noPartition].map(partitionArn)
  const resources = [{ exists: false }, { 'anything-but': excluded }]
  const pattern = { source: everyTenant, 'detail-type': [type], resources } as const
  return { type, partition: defaultPartition, pattern }
}

/**
 * Matches the tenant's events of one replay. EventBridge adds `replay-name` to each replayed event, and senders
 * can't set it, so no live event matches.
 */
export function replayPattern(tenant: string, type: EventType, replay: string): object {
  return { source: [sourceOf(tenant)], 'detail-type': [type], 'replay-name': [replay] }
}

/**
 * `<type>.<partition>`, with up to 64 of `.-_A-Za-z0-9` (API reference, PutRule). The AWS console sorts by
 * name, so the rules of a type stand together.
 */
export function ruleName({ type, partition }: Pick<PlannedRule, 'type' | 'partition'>): string {
  return `${type}.${partition}`
}

/** Matches the name of each rule of the type. */
export function rulesOfType(type: EventType): string {
  return `${type}.*`
}

/** @returns undefined for a rule that is not named as the cell's own are */
export function typeOfRule(name: string): EventType | undefined {
  return eventTypes.find((type) => name.startsWith(`${type}.`))
}

/** The hash keeps the partitions of tenants apart whose names have the same letters, such as `a-b` and `a.b`. */
export function ruleLogicalId({ type, partition, tenant }: PlannedRule): string {
  const distinct = tenant === undefined ? pascal(partition) : `Own${shortHash(partition)}`
  return `Rule${pascal(type)}${distinct}`
}
