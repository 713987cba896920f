import { describe, expect, it } from '@jest/globals'
import { aboutEvent, eventAbout } from '../../../lib/notifications/event-notes.ts'

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

  it('is as much of it as is known', () => {
    expect(aboutEvent({ taskTitle: 'Счёт' })).toEqual({ task: 'Счёт' })
    expect(aboutEvent({ taskInstanceId: 'activiti$7' })).toEqual({ taskId: 'activiti$7' })
    expect(aboutEvent({ document: 'emodel/contract@42' })).toEqual({ record: 'emodel/contract@42' })
    expect(aboutEvent({ attributes: { title: 'Договор' } })).toEqual({ document: 'Договор' })
    expect(aboutEvent({ taskTitle: ' ', attributes: { title: '\n' } })).toBeUndefined()
    expect(aboutEvent({})).toBeUndefined()
  })

  it('is written in Russian where it is in several languages', () => {
    expect(aboutEvent({ taskTitle: { en: 'Bill', ru: 'Счёт' } })).toEqual({ task: 'Счёт' })
  })
})

it('what is noted of an event is read as it was written', () => {
  const all = { task: 'a', taskId: 'b', document: 'c', record: 'd' }
  expect(eventAbout.parse(all)).toEqual(all)
  expect(eventAbout.parse({})).toEqual({})
  expect(eventAbout.safeParse({ task: 7 }).success).toBe(false)
})
