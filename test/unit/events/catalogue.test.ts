import { describe, expect, it } from '@jest/globals'
import { catalogue, eventTypes, isEventType, sampleData } from '../../../lib/events/catalogue.ts'

describe('the catalogue', () => {
  it('has the types of events 1.0 and the record events of 2.0', () => {
    const types = ['task.create', 'task.assign', 'task.complete', 'task.delete', 'comment.added']
    const records = ['record.create', 'record.update', 'record-created', 'record-changed']
    expect(eventTypes).toEqual([...types, ...records, 'record-deleted', 'record-status-changed'])
  })

  it.each(['task.create', 'record-changed'])('knows %s', (type) => {
    expect(isEventType(type)).toBe(true)
  })

  it.each(['', 'task', 'TASK.CREATE', 'toString', '__proto__', 'constructor'])(
    'does not know %j',
    (type) => expect(isEventType(type)).toBe(false),
  )

  it.each(eventTypes)('has an example of %s, which says so', (type) => {
    const sample = sampleData(type)
    expect(sample).toMatchObject({ type })
    expect(Object.keys(sample).length).toBeGreaterThan(2)
    expect(catalogue[type].schema.parse(sample)).toEqual(sample)
  })
})
