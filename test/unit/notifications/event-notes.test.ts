import { describe, expect, it } from '@jest/globals'
import { aboutEvent } from '../../../lib/notifications/event-notes.ts'

describe('what an event is about', () => {
  it('is its task and its document', () => {
    const task = { taskTitle: ' Согласовать договор ', taskInstanceId: 'activiti$7' }
    const document = { document: 'emodel/contract@42', attributes: { title: { ru: 'Договор' } } }
    expect(aboutEvent({ ...task, ...document })).toEqual({
      task: 'Согласовать договор',
      taskId: 'activiti$7',
      document: 'Договор',
      record: 'emodel/contract@42',
    })
  })

  it('is unknown where it names neither', () => {
    expect(aboutEvent({ taskTitle: null, document: '' })).toBeUndefined()
  })

  it('is short, however long the titles are', () => {
    expect(aboutEvent({ taskTitle: 'я'.repeat(5_000) })?.task).toHaveLength(100)
  })
})
