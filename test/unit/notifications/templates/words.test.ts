import { expect, it } from '@jest/globals'
import { openIn, whyIn, wordsIn } from '../../../../lib/notifications/templates/words.ts'

it.each([
  ['task.create', 'You received this message because you can take this task.'],
  ['task.assign', 'You received this message because the task is assigned to you.'],
  ['task.reminder', 'You received this reminder because the task is not completed.'],
  ['task.complete', 'You received this message because the task was on your list.'],
  ['task.delete', 'You received this message because the task was on your list.'],
  ['notification.test', 'You received this message because somebody is testing notifications.'],
  ['record.update', 'You received this message because you are subscribed to such events.'],
  ['constructor', 'You received this message because you are subscribed to such events.'],
])('why somebody got a message of %s', (type, why) => {
  expect(whyIn('en', type)).toBe(why)
  // Of any English, and for languages that have no words here.
  for (const locale of ['en-GB', 'de']) expect(whyIn(locale, type)).toBe(why)
  expect(whyIn('ru-RU', type)).toMatch(/^Вы получили это /)
})

it('Russian has the same words, each its own', () => {
  const [russian, english] = [wordsIn('ru'), wordsIn('en')]
  for (const part of ['open', 'why'] as const) {
    expect(Object.keys(russian[part])).toEqual(Object.keys(english[part]))
    expect(new Set(Object.values(russian[part])).size).toBe(Object.keys(english[part]).length)
  }
})

it.each([
  ['task.create', true, 'Open task'],
  ['task.assign', true, 'Open task'],
  ['task.reminder', true, 'Open task'],
  // It is no task of theirs any more.
  ['task.complete', true, 'Open document'],
  ['record.update', true, 'Open document'],
  ['task.create', false, 'Open ECOS'],
  ['record.update', false, 'Open ECOS'],
])('the link of %s, with a record: %s, says %s', (type, hasRecord, label) => {
  expect(openIn('en', type, hasRecord)).toBe(label)
})
