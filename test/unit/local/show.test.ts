import { stripVTControlCharacters } from 'node:util'
import { expect, it } from '@jest/globals'
import { identified } from '../../../local/demo/events-file.ts'
import { eventLine } from '../../../local/demo/show.ts'

const message = identified({
  line: 1,
  tenant: 'acme',
  exchange: 'tenant.acme.events',
  routingKey: 'task.create',
  properties: {},
  body: '{"data":{"type":"task.create","id":"e1"}}',
})

it.each([
  ['✔', ['SENT', 'SENT']],
  ['✔', ['SENT', 'CANCELLED']],
  ['✔', ['CANCELLED']],
  ['✔', ['BLOCKED']],
  ['✖', ['SENT', 'ERROR']],
  ['✖', ['EXPIRED']],
])('%s marks an event with notifications in %j', (mark, states) => {
  const notifications = states.map((state, at) => ({
    notificationId: String(at),
    username: `u${at}`,
    channel: 'email',
    state,
  }))
  const line = eventLine({ message, outcome: 'bridged', notifications, ended: true })
  expect(stripVTControlCharacters(line).charAt(0)).toBe(mark)
})
