import { describe, expect, it } from '@jest/globals'
import { identified } from '../../../local/demo/events-file.ts'
import { createLedger, type Entry } from '../../../local/demo/ledger.ts'

function published(routingKey: string, id: string) {
  const body = JSON.stringify({ data: { id, type: routingKey } })
  return identified({
    ...{ line: 1, tenant: 'acme', exchange: 'tenant.acme.events' },
    ...{ routingKey, body, properties: {} },
  })
}

const [created, assigned] = [published('task.create', '1'), published('task.assign', '2')]
const mail = {
  notificationId: 'n1',
  username: 'petrov',
  channel: 'email',
  state: 'WAIT_FOR_DISPATCH',
}

describe('The ledger of published messages', () => {
  it('counts what has changed: an outcome, a state, and nothing that was seen before', () => {
    const ledger = createLedger([created])
    const [entry] = ledger.entries as [Entry]
    ledger.bridged('acme', 'task.create', created.eventId)
    ledger.bridged('acme', 'task.create', created.eventId)
    expect(ledger.changes()).toBe(1)
    ledger.notified(entry, [mail], true)
    ledger.notified(entry, [{ ...mail }], true)
    expect(ledger.changes()).toBe(2)
    ledger.notified(entry, [{ ...mail, state: 'SENT' }], true)
    expect([ledger.changes(), entry.ended]).toEqual([3, true])
  })

  it('tells the types of the events that are under way', () => {
    const ledger = createLedger([created, assigned])
    expect([...ledger.openTypes()]).toEqual(['task.create', 'task.assign'])
    ledger.deadLettered('acme', 'task.create', created.eventId, 'refused')
    expect([...ledger.openTypes()]).toEqual(['task.assign'])
    expect(ledger.changes()).toBe(1)
  })
})
