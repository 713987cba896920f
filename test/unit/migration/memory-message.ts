import type { MovableMessage } from '../../../lib/migration/migration-broker.ts'

/** A message whose acknowledgement is noted. */
export function message(
  body: string,
  acknowledged: string[] = [],
  routingKey = 'task.create',
): MovableMessage {
  return {
    tenant: 'acme',
    queue: 'tenant.acme.notification',
    exchange: 'tenant.acme.events',
    routingKey,
    properties: {},
    redelivered: false,
    body: Buffer.from(body),
    acknowledge: () => void acknowledged.push(body),
  }
}

export function task(id: string, type = 'task.create', comment = ''): string {
  return JSON.stringify({ data: { id, type, taskComment: comment } })
}
