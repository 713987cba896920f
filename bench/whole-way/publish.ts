import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { onChannel } from '../backlog.ts'
import type { Person } from './people.ts'

/**
 * Publishes an event for each person at an even rate, as ECOS publishes a created task.
 *
 * @returns when each address's event was published, in microseconds of the monotonic clock
 */
export async function publishEvenly(
  amqpUrl: string,
  people: readonly Person[],
  perSecond: number,
): Promise<ReadonlyMap<string, number>> {
  const sentAt = new Map<string, number>()
  await onChannel(amqpUrl, async (channel) => {
    const start = performance.now()
    for (const [index, { tenant, username, address }] of people.entries()) {
      const early = (index / perSecond) * 1000 - (performance.now() - start)
      if (early > 0) await sleep(early)
      sentAt.set(address, Number(process.hrtime.bigint() / 1000n))
      const properties = { contentType: 'text/plain', deliveryMode: 2, priority: 0 }
      channel.publish(`tenant.${tenant.id}.events`, type, taskCreated(username), properties)
    }
    await channel.waitForConfirms()
  })
  return sentAt
}

const type = 'task.create'

function taskCreated(username: string): Buffer {
  const id = randomUUID()
  const data = {
    ...{ id, type, date: Date.now(), taskTitle: 'Согласование договора №8' },
    ...{ taskInstanceId: `activiti$${id}`, taskPooledUsers: [username] },
    ...{ document: `workspace://SpacesStore/${id}`, initiator: 'system' },
  }
  return Buffer.from(JSON.stringify({ data }))
}
