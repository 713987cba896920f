import { createHash } from 'node:crypto'
import type { ChannelName } from '../channels/channel.ts'
import type { EventType } from '../events/catalogue.ts'

/** A part of a CloudFormation logical id: letters and digits only, so `task.create` is `TaskCreate`. */
export function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

/** The name of the file, the function and the queue of an event type: `task.create` → `task-create`. */
export function kebab(type: EventType): string {
  return type.replaceAll('.', '-')
}

export function handlerName(type: EventType): string {
  return `on-${kebab(type)}`
}

export function senderName(channel: ChannelName): string {
  return `send-${channel}`
}

/** The name by which the cell's bus, queues and functions start: `ecos-<cell>`. */
export function cellPrefix(cell: string): string {
  return `ecos-${cell}`
}

/** The archive of the cell's bus. A name has at most 48 characters (API reference, CreateArchive). */
export function archiveName(cell: string): string {
  return cellPrefix(cell)
}

/** The queue at the broker from which the bridge takes a tenant's events. */
export function bridgeQueue(tenant: string): string {
  return `tenant.${tenant}.eventbridge`
}

/** EventBridge: a rule's name has at most 64 of `.-_A-Za-z0-9` (API reference, PutRule). */
export const longestRuleName = 64

/** `<type>.<tenant>`, so that the console lists the rules of a type together. */
export function ruleName(type: EventType, tenant: string): string {
  return bounded(`${type}.${tenant}`, longestRuleName)
}

/** Distinct for each tenant and type, although a logical id can't hold a tenant's id as it is. */
export function ruleLogicalId(type: EventType, tenant: string): string {
  return `Rule${pascal(type)}${pascal(tenant)}${shortHash(`${type} ${tenant}`)}`
}

/** Distinct for each tenant: Lambda's source for its queue at an Amazon MQ broker. */
export function amazonMqSourceLogicalId(tenant: string): string {
  return `AmazonMqSource${pascal(tenant)}${shortHash(tenant)}`
}

function bounded(name: string, longest: number): string {
  return name.length <= longest ? name : `${name.slice(0, longest - 9)}-${shortHash(name)}`
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
