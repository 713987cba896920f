import { itemOf } from '../../lib/aws/tables/subscriptions-items.ts'
import { sampleData } from '../../lib/events/catalogue.ts'
import { encodeEvent } from '../../lib/notifications/event-message.ts'
import type { Load } from './work.ts'

const tenant = 'local-ecos'
const people = ['ivanov', 'petrov']

/** Events of created tasks, of which two people are told by mail. */
export const handlerLoad: Load = {
  perMessage: people.length,
  body: (id) =>
    encodeEvent(
      {
        ...{ tenant, eventType: 'task.create', eventId: id },
        data: { ...sampleData('task.create'), taskInstanceId: id, taskPooledActors: people },
      },
      {},
    ),
  find(_, { subscriber, eventType }) {
    const username = people.find((name) => subscriber === `${tenant}#${name}`)
    if (username === undefined || eventType !== 'task.assign') return undefined
    return itemOf({ tenant, username, eventType }, [
      { channel: 'email', address: `${username}@acme.example` },
    ])
  },
}
