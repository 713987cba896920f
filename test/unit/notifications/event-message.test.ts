import { describe, expect, it } from '@jest/globals'
import type { BusEvent } from '../../../lib/events/bus-event.ts'
import { encodeEvent, isPart, parseEventMessage } from '../../../lib/notifications/event-message.ts'

const event: BusEvent = {
  ...{ tenant: 'acme', eventType: 'task.create', eventId: 'e1', time: '2026-11-25T10:00:00Z' },
  ...{ subject: 'workspace://SpacesStore/1', again: 'again-1' },
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'a=1',
  data: { taskTitle: 'Счёт', note: 'no\ufffe' },
}
const { data: _, ...withoutData } = event

describe('the message of an event', () => {
  it.each([
    ['its data', event],
    ['a reference to its data', { ...withoutData, dataref: 's3://b/events/acme/k' }],
    ['no more than its key', { tenant: 'a b', eventType: 'task.end', eventId: 'e2', data: {} }],
  ])('comes back as it was, with %s', (_, one) => {
    const read = parseEventMessage(encodeEvent(one, {}))
    expect(JSON.parse(JSON.stringify(read))).toEqual(one)
    expect(read).not.toHaveProperty('part')
    expect(read).not.toHaveProperty('failed')
  })

  it.each([
    [{ part: { number: 0, step: 0 } }, true],
    [{ part: { number: 2, step: 7, after: 'ivanov', upTo: 'petrov' } }, true],
    [{ failed: { username: 'ivanov', notificationId: 'n1' } }, false],
  ])('for some people says for whom: %j', (scope, isStep) => {
    const body = encodeEvent(event, scope)
    expect(parseEventMessage(body)).toEqual({ ...event, ...scope })
    expect(isPart(body)).toBe(isStep)
  })

  it.each([
    { part: { number: -1, step: 0 } },
    { part: { number: 0, step: -1 } },
    { part: { number: 0.5, step: 0 } },
    { part: { number: 0, step: 1.5 } },
    { part: { number: 0 } },
    { failed: { username: 'ivanov' } },
  ])('is refused for people that it does not say: %j', (scope) => {
    const body = encodeEvent(event, scope as Parameters<typeof encodeEvent>[1])
    expect(() => parseEventMessage(body)).toThrow()
  })

  it('of the bus tells all, whatever its fields hold', () => {
    const scope = { part: { number: 1, step: 1 } }
    const body = JSON.stringify({ ...JSON.parse(encodeEvent(event, {})), ...scope })
    expect(parseEventMessage(body)).toEqual(event)
    expect(isPart(body)).toBe(false)
  })
})
