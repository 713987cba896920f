import { describe, expect, it } from '@jest/globals'
import { emfOf } from '../../support/emf.ts'
import { bridge, handle, send } from '../../support/measured.ts'

const service = 'ecos-eventbridge'
const anyDuration = expect.any(Number)

describe('a handler', () => {
  it.each([
    [{ outcome: 'handled' }, 'EventsHandled'],
    [{ outcome: 'duplicate' }, 'DuplicateEvents'],
    [{ outcome: 'recipients-not-found' }, 'RecipientsNotFound'],
    [{ code: 'invalid-event-data' }, 'HandlingFailures'],
  ])('writes a line for the event that ends with %j', async (ending, metric) => {
    expect(await emfOf(() => handle('task.create', [ending]))).toEqual([
      {
        dimensions: { service, cell: 'main', type: 'task.create' },
        values: { [metric]: 1, HandlingDuration: anyDuration },
        units: { [metric]: 'Count', HandlingDuration: 'Milliseconds' },
        properties: expect.objectContaining({
          tenant: 'acme',
          eventType: 'task.create',
          eventId: 'e1',
        }),
      },
    ])
  })
})

describe('a sender', () => {
  it.each([
    [{ outcome: 'sent' }, 'Sent'],
    [{ outcome: 'permanent' }, 'PermanentFailures'],
    [{ outcome: 'gone' }, 'AddressesGone'],
    [{ code: 'delivery-failed' }, 'TransientFailures'],
    [{ code: 'unknown-notification' }, 'SenderFailures'],
  ])('writes a line for the try that ends with %j', async (ending, metric) => {
    expect(await emfOf(() => send('email', [ending]))).toEqual([
      expect.objectContaining({
        dimensions: { service, cell: 'main', channel: 'email' },
        values: {
          ...{ [metric]: 1, DeliveryDuration: anyDuration },
          ...(metric === 'Sent' && { DeliveredIn: anyDuration }),
        },
      }),
    ])
  })

  it.each(['already-sent', 'put-back', 'duplicate', 'cancelled', 'blocked'])(
    'says nothing of what was %s: nothing was tried',
    async (outcome) => {
      expect(await emfOf(() => send('email', [{ outcome }]))).toEqual([])
    },
  )

  it('counts what is out of time once, and not for each try that it spends', async () => {
    const expired = [{ code: 'notification-expired' }]
    expect(await emfOf(() => send('sms', expired, 4))).toEqual([])
    expect(await emfOf(() => send('sms', expired, 5))).toMatchObject([{ values: { Expired: 1 } }])
  })
})

describe('a bridge', () => {
  it('writes a line for the cell, and one for each tenant', async () => {
    const dimensions = { service, cell: 'main' }
    const [cell, ...ofTenants] = await emfOf(bridge)
    expect(cell).toMatchObject({
      dimensions,
      values: {
        Drains: 1,
        DrainDuration: 1200,
        BusFailures: 3,
        BusThrottles: 2,
        BrokerBacklog: 7,
        BrokerDeadLetters: 2,
        BrokerBlocked: 1,
      },
      properties: {},
    })
    expect(ofTenants.map(({ properties, values }) => [properties['tenant'], values])).toEqual([
      [
        'acme',
        {
          Bridged: 1,
          Quarantined: 1,
          Unasked: 1,
          Returned: 1,
          DeadLettered: 1,
          ConsumeRefused: 1,
        },
      ],
      ['other', { Bridged: 2 }],
    ])
    for (const line of ofTenants) expect(line.dimensions).toEqual(dimensions)
  })
})
