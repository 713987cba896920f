import { describe, expect, it } from '@jest/globals'
import type { MetricFields } from '../../../lib/metrics/write-metrics.ts'
import { handlerMetricsOf, senderMetricsOf } from '../../../lib/notifications/metrics.ts'
import type { Failure } from '../../../lib/queue-function/ports.ts'

type Settled = Parameters<ReturnType<typeof handlerMetricsOf>>[0]
const fieldsOf = ((values: object) => values) as never as MetricFields
const handled = handlerMetricsOf(fieldsOf)
const sent = senderMetricsOf(fieldsOf)
const settled = { milliseconds: 7, sinceSent: 9 } as never as Settled
const failure = (code: string, isLast = false) =>
  ({ ...settled, failure: { code, isLast } as never as Failure }) as Settled

describe('a try of a handler', () => {
  it.each([
    ['handled', { EventsHandled: 1 }],
    ['duplicate', { DuplicateEvents: 1 }],
    ['recipients-not-found', { RecipientsNotFound: 1 }],
    ['in-parts', {}],
    ['part-continues', {}],
    ['part-handled', {}],
    ['planned-again', {}],
  ])('that ends with %s is counted as %j', (outcome, counted) => {
    expect(handled({ ...settled, outcome })).toEqual({ ...counted, HandlingDuration: 7 })
  })

  it('that fails is counted as a failure, whatever its code', () => {
    for (const code of ['template-failed', 'under-way', 'delivery-failed']) {
      expect(handled(failure(code))).toEqual({ HandlingFailures: 1, HandlingDuration: 7 })
    }
  })
})

describe('a try of a sender', () => {
  it.each([
    ['sent', { Sent: 1, DeliveredIn: 9 }],
    ['permanent', { PermanentFailures: 1 }],
    ['gone', { AddressesGone: 1 }],
    ['uncertain', { UncertainDeliveries: 1 }],
  ])('that ends with %s is counted as %j', (outcome, counted) => {
    expect(sent({ ...settled, outcome })).toEqual({ ...counted, DeliveryDuration: 7 })
  })

  it.each(['put-back', 'ended-earlier', 'cancelled'])(
    'that ends with %s is not counted',
    (outcome) => {
      expect(sent({ ...settled, outcome })).toBeUndefined()
    },
  )

  it.each([
    ['delivery-failed', { TransientFailures: 1 }],
    ['delivery-uncertain', { UncertainDeliveries: 1 }],
    ['unexpected-error', { SenderFailures: 1 }],
  ])('that fails with %s is counted as %j', (code, counted) => {
    expect(sent(failure(code))).toEqual({ ...counted, DeliveryDuration: 7 })
    expect(sent(failure(code, true))).toEqual({ ...counted, DeliveryDuration: 7 })
  })

  it('that had to wait is not counted', () => {
    expect(sent(failure('under-way'))).toBeUndefined()
    expect(sent(failure('under-way', true))).toBeUndefined()
  })

  it('that expired is counted once, at its last', () => {
    expect(sent(failure('notification-expired'))).toBeUndefined()
    expect(sent(failure('notification-expired', true))).toEqual({
      ...{ Expired: 1, DeliveryDuration: 7 },
    })
  })
})
