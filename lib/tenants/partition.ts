import { createHash } from 'node:crypto'
import { tenantName } from '../tenant-name.ts'

/** The partitions of a cell whose settings name no other number. */
export const defaultPartitions = 16

/** A tenant's partition in tenants.yml: its number, from 0, or one that it shares with nobody. */
export type ChosenPartition = number | 'own'

/** The fields of a tenant that decide its partition. */
interface Placed {
  readonly id: string
  readonly partition?: ChosenPartition
}

/** `p00`, `p01`, …: the partitions that tenants share. */
export function sharedPartition(number: number): string {
  return `p${String(number).padStart(2, '0')}`
}

/** Characters of the tenant's part of a rule's name (64), less the longest type's, the dot and `own-`. */
const maxOwnName = 38

/** The partition of a tenant with `partition: own`. */
export function ownPartition(tenant: string): string {
  return `own-${tenantName(tenant, maxOwnName)}`
}

/**
 * The name of the tenant's partition: the one of tenants.yml or, without it, the first 32 bits of the SHA-256
 * of its id (UTF-8, big-endian) modulo the number of partitions.
 *
 * @param partitions how many partitions the cell has
 */
export function partitionOf({ id, partition }: Placed, partitions: number): string {
  if (partition === 'own') return ownPartition(id)
  return sharedPartition(partition ?? sha256(id).readUInt32BE() % partitions)
}

/** Of the events that no rule of the cell takes: those of a type that the tenant has not turned on. */
export const noPartition = 'off'

/**
 * Finds a tenant's partition or, with a type that the tenant has not turned on, `off`. Without a type, what is
 * turned on does not matter.
 */
export type PartitionOf = (tenant: string, type?: string) => string

/** Looks up the partitions of these tenants, which are computed once; any other id has its hash. */
export function partitionsOf(
  tenants: readonly (Placed & { readonly events: readonly string[] })[],
  partitions: number,
): PartitionOf {
  const known = new Map(
    tenants.map((tenant) => {
      const { id, events } = tenant
      return [id, { partition: partitionOf(tenant, partitions), events: new Set(events) }]
    }),
  )
  return (id, type) => {
    const tenant = known.get(id)
    if (tenant === undefined) return partitionOf({ id }, partitions)
    return type === undefined || tenant.events.has(type) ? tenant.partition : noPartition
  }
}

/**
 * The partition in an entry's `Resources`, which takes ARNs: the rules select by it. It is not in `Detail`,
 * so that a tenant can move while its events stay the same.
 */
export function partitionArn(partition: string): string {
  return arnPrefix + partition
}

/** @returns undefined if the ARN is not a partition's */
export function partitionInArn(arn: string): string | undefined {
  return arn.startsWith(arnPrefix) ? arn.slice(arnPrefix.length) : undefined
}

const arnPrefix = 'arn:ecos:eventbridge:::'

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
