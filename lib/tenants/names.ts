import { createHash } from 'node:crypto'
import type { ChannelName } from '../channels/channel.ts'
import type { EventType } from '../events/catalogue.ts'
import { tenantName } from '../tenant-name.ts'

/** Converts text to a part of a CloudFormation logical id (letters and digits only): `task.create` → `TaskCreate`. */
export function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

/** Names the file, the function and the queue of an event type: `task.create` → `task-create`. */
export function kebab(type: EventType): string {
  return type.replaceAll('.', '-')
}

export function handlerName(type: EventType): string {
  return `on-${kebab(type)}`
}

export function senderName(channel: ChannelName): string {
  return `send-${channel}`
}

/** The bridge's functions: of the schedule, and of Amazon MQ. */
export const bridgeFunctions = ['bridge-drain', 'bridge-amazon-mq'] as const

/** The prefix of the cell's bus, queues and functions: `ecos-<cell>`. */
export function cellPrefix(cell: string): string {
  return `ecos-${cell}`
}

/** The table of the cell's applied tenants. */
export function tenantsTable(cell: string): string {
  return `${cellPrefix(cell)}-tenants`
}

/** The archive of the cell's bus. CreateArchive accepts up to 48 characters. */
export function archiveName(cell: string): string {
  return cellPrefix(cell)
}

/** AMQP allows 255 bytes, and the dead-letter queue has the longest name. */
const maxQueueTenant = 255 - 'tenant..eventbridge.dead-letter'.length

/** SQS allows 128 characters, a rule's target 100 (API references: SendMessage, SqsParameters). */
const maxGroupLength = 100

/** The message group of a tenant, by which SQS is fair. */
export function tenantGroup(tenant: string): string {
  return tenantName(tenant, maxGroupLength)
}

/** The broker's queue from which the bridge consumes a tenant's events. */
export function bridgeQueue(tenant: string): string {
  return `tenant.${tenantName(tenant, maxQueueTenant)}.eventbridge`
}

const ownExchange = /^tenant\.(.+)\.events$/s

/** The tenant whose exchange it is by its name, as ECOS names it, whether or not there is one. */
export function tenantOfExchange(exchange: string): string | undefined {
  return ownExchange.exec(exchange)?.[1]
}

/** The broker's queue, and exchange, of a pool: the tenants of a cell's partition. */
export function poolQueue(cell: string, partition: string): string {
  return `cell.${cell}.${partition}.eventbridge`
}

/** The broker's queue, and exchange, of a pool's bypass, which its tenants take while one of them floods it. */
export function poolBypass(cell: string, partition: string): string {
  return `cell.${cell}.${partition}.bypass.eventbridge`
}

/** The event source mapping for a tenant's queue at an Amazon MQ broker. */
export function amazonMqSourceLogicalId(tenant: string): string {
  return `AmazonMqSource${pascal(tenant)}${shortHash(tenant)}`
}

/** Distinguishes names of which only letters and digits are left. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
