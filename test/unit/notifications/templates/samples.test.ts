import { expect, it } from '@jest/globals'
import { catalogue, eventTypes, sampleData } from '../../../../lib/events/catalogue.ts'
import { samplesOf } from '../../../../lib/notifications/templates/samples.ts'

it.each(eventTypes)(
  'a template of %s is tried with all that its event has, and with the least',
  (type) => {
    const [whole, bare] = samplesOf(type)
    expect(whole).toEqual(sampleData(type))
    expect(bare).toEqual(catalogue[type].schema.parse({ type }))
    expect(samplesOf(type)).toHaveLength(2)
  },
)

it('a reminder is tried with each that there is', () => {
  const reminders = ['before due', 'overdue', 'untaken'].flatMap((when) => [
    { when, to: 'recipient' },
    { when, to: 'initiator' },
  ])
  const bare = catalogue['task.assign'].schema.parse({ type: 'task.assign' })
  expect(samplesOf('task.reminder')).toEqual([
    ...reminders.map((reminder) => ({ ...sampleData('task.assign'), reminder })),
    ...reminders.map((reminder) => ({ ...bare, reminder })),
  ])
})
