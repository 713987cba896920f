import { describe, expect, it } from '@jest/globals'
import { assignedBy, isLatest, whyOver } from '../../../lib/notifications/subject.ts'

describe('of two assignments', () => {
  const known = { eventId: 'e1', at: '2026-11-25T10:00:00.000Z', order: '5' }

  it('the later one counts, whatever their order in the queue', () => {
    expect(isLatest({ ...known, at: '2026-11-25T10:00:01.000Z', order: '1' }, known)).toBe(true)
    expect(isLatest({ ...known, at: '2026-11-25T09:59:59.000Z', order: '9' }, known)).toBe(false)
  })

  it('at the same time, that with the greater order counts, or the same one', () => {
    expect(isLatest({ ...known, order: '6' }, known)).toBe(true)
    expect(isLatest({ ...known, order: '4' }, known)).toBe(false)
    expect(isLatest({ ...known }, known)).toBe(true)
  })

  it('the only one counts', () => {
    expect(isLatest(known, undefined)).toBe(true)
  })
})

describe('what events have said of a task', () => {
  const assigned = { eventId: 'e1', at: '', order: '' }

  it('names the event by which somebody got it, if anybody has', () => {
    expect(assignedBy({ isClosed: false })).toBeUndefined()
    expect(assignedBy({ isClosed: false, assigned })).toBe('e1')
    expect(assignedBy({ isClosed: false, assigned: { ...assigned, isOffer: true } })).toBe(
      undefined,
    )
  })

  it('ends the reminders of another assignment, and all notifications with the task', () => {
    const reminder = { text: 'overdue', to: 'recipient' } as const
    const of = (by?: string) => ({ reminder: { ...reminder, ...(by && { assignedBy: by }) } })
    const state = { isClosed: false, assigned }
    expect(whyOver(of('e1'), state)).toBeUndefined()
    expect(whyOver(of('e2'), state)).toBe('the task was assigned')
    expect(whyOver(of(), state)).toBe('the task was assigned')
    expect(whyOver(of(), { isClosed: false })).toBeUndefined()
    expect(whyOver({}, state)).toBeUndefined()
    for (const one of [{}, of('e1')]) {
      expect(whyOver(one, { ...state, isClosed: true })).toBe('its subject is closed')
    }
  })
})
