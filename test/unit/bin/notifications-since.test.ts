import { expect, it } from '@jest/globals'
import { since } from '../../../bin/commands/notifications-list.ts'

const from = new Date('2026-11-28T10:00:00.000Z')
const at = (createdAt: string) => {
  return { createdAt, state: 'SENT', eventType: 'task.create', eventId: '1' }
}
const newer = at('2026-11-28T10:00:00.000Z')
const older = at('2026-11-28T09:59:59.999Z')

it.each<[string, readonly ReturnType<typeof at>[], string | undefined, boolean]>([
  ['all are in time', [newer], `${newer.createdAt}#0123456789ab`, true],
  ['some are not', [newer, older], `${older.createdAt}#0123456789ab`, false],
  ['nothing fits, and it ends in time', [], '2026-11-28T10:30:00.000Z#0123456789ab', true],
  ['nothing fits, and it ends before', [], '2026-11-28T09:30:00.000Z#0123456789ab', false],
  ['there is no more', [newer], undefined, false],
])('a list since a time goes on only within it: %s', (_, notifications, before, goesOn) => {
  const page = since(from, { notifications, ...(before && { before }) })
  expect(page.notifications).toEqual(notifications.filter((one) => one === newer))
  expect(page.before).toBe(goesOn ? before : undefined)
})
