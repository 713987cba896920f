import * as z from 'zod'
import { EcosError } from '../errors.ts'
import { defaultPartitions, partitionOf } from './partition.ts'
import type { Tenant } from './tenants-file.ts'

/** What a cell's tenants have at the broker: a queue each, or one for the tenants of a partition. */
export const queueLayouts = ['own', 'pooled'] as const
export type QueueLayout = (typeof queueLayouts)[number]

/** The settings of a cell that decide its queues at the broker. */
export const queueVariables = {
  QUEUES: z.enum(queueLayouts).default('own'),
  /** The partitions of the cell, as its rules have them. */
  PARTITIONS: z.coerce.number().int().min(1).default(defaultPartitions),
}

export interface QueueSettings {
  readonly QUEUES: QueueLayout
  readonly PARTITIONS: number
}

/**
 * The tenants with the pools of their partitions, where the cell's queues are pooled. A tenant that has events
 * 2.0 alone has no queue to share.
 *
 * @throws EcosError `pooled-amazon-mq`
 */
export function placeInPools(
  tenants: readonly Tenant[],
  { QUEUES, PARTITIONS }: QueueSettings,
): Tenant[] {
  if (QUEUES === 'own') return [...tenants]
  const atAmazonMq = tenants.find(({ broker }) => broker !== undefined)
  if (atAmazonMq !== undefined) throw pooledAtAmazonMq(atAmazonMq)
  return tenants.map((tenant) => ({ ...tenant, pool: partitionOf(tenant, PARTITIONS) }))
}

function pooledAtAmazonMq({ id, cell }: Tenant): EcosError {
  return new EcosError(
    'pooled-amazon-mq',
    `Tenant ${id} of the cell ${cell} has a "broker", and the cell's queues are pooled: Lambda does not tell ` +
      'through which exchange a message of Amazon MQ came, so the tenant would not be known. Move the tenant ' +
      'to a cell with queues: own, or drain its broker with a worker',
  )
}
