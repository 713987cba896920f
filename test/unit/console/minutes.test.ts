import { describe, expect, it } from '@jest/globals'
import { ofBusiest, withMinutes } from '../../../console/server/minutes.ts'
import type { PassingEvent } from '../../../console/server/passing.ts'

// The page's files are checked with the types of a browser, by console/page/tsconfig.json.
const path = '../../../console/page/counts.js'
const { countIn } = await import(path)

const at = (text: string) => new Date(`2026-11-28T${text}Z`)
const event = (tenant: string): PassingEvent => {
  return { at: at('10:00:00').toISOString(), tenant, type: 'task.create', id: '1' }
}
const failed = (tenant: string): PassingEvent => {
  const result = { eventId: '1', eventType: 'task.create', channel: 'email', state: 'ERROR' }
  return { ...event(tenant), type: 'notification.failed', result }
}

describe('the minutes of the last hour', () => {
  it('count what passed, by tenant, and a minute without events as one', () => {
    let minutes = withMinutes([], [event('acme'), failed('globex')], at('10:00:10'))
    minutes = withMinutes(minutes, [event('acme')], at('10:00:50'))
    minutes = withMinutes(minutes, [], at('10:01:00'))
    expect(minutes).toEqual([
      { at: at('10:00:00').toISOString(), events: { acme: 2 }, failed: { globex: 1 } },
      { at: at('10:01:00').toISOString(), events: {}, failed: {} },
    ])
  })

  it('have no entry for a minute in which nobody looked, and go after an hour', () => {
    const first = withMinutes([], [event('acme')], at('10:00:00'))
    const second = withMinutes(first, [], at('10:59:59'))
    expect(second).toHaveLength(2)
    expect(withMinutes(second, [], at('11:00:00')).map((one) => one.at)).toEqual([
      at('10:59:00').toISOString(),
      at('11:00:00').toISOString(),
    ])
  })

  it('are sent of the busiest tenants, and the sum of the others', () => {
    const many = Array.from({ length: 200 }, (_, index) => event(`t${index}`))
    const minutes = ofBusiest(withMinutes([], [...many, event('t150')], at('10:00:00')))
    expect(minutes[0]?.others).toEqual({ events: 150, failed: 0 })
    const counted = ['', 't150', 'constructor'].map((name) => countIn(minutes[0], 'events', name))
    expect(counted).toEqual([201, 2, 0])
    expect(Object.keys(minutes[0]?.events ?? {})).toHaveLength(50)
    expect(minutes[0]?.events['t150']).toBe(2)
  })
})
