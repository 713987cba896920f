import { describe, expect, it, jest } from '@jest/globals'
import {
  planReminders,
  type RemindedEvent,
} from '../../../../lib/notifications/reminders/plan-reminders.ts'
import type { Subscriber } from '../../../../lib/notifications/subscriptions/subscriptions.ts'
import { workingHours } from '../../../../lib/tenants/reminders.ts'

/** Wednesday, 13:00 in Moscow. */
const now = new Date('2026-11-25T10:00:00Z')
/** Friday, 18:00 in Moscow: the end of its work. */
const due = Date.parse('2026-11-27T15:00:00Z')
/** When Monday's work begins in Moscow. */
const monday = '2026-11-30T06:00:00.000Z'

const mailTo = (username: string, more: object = {}) => ({
  ...{ channel: 'email' as const, address: `${username}@acme.example` },
  ...more,
})

/** Somebody who gets mails, and how that differs. */
function somebody(username: string, more: Partial<Subscriber> = {}): Subscriber {
  return { username, actions: [mailTo(username)], ...more }
}

interface Case extends Partial<RemindedEvent['settings']> {
  readonly isTaken?: boolean
  readonly data?: object
  readonly initiators?: readonly Subscriber[]
}

async function planned(
  people: readonly Subscriber[],
  { isTaken = false, data = {}, initiators = [], ...settings }: Case = {},
) {
  const event = { data: { dueDate: due, ...data }, settings, isTaken }
  return planReminders(event, people, async () => initiators, now)
}

/** Who is reminded of what, where and when. */
async function told(people: readonly Subscriber[], more: Case = {}) {
  const all = await planned(people, more)
  return all.map(({ reminder, place, at }) => `${place.address} ${reminder.text} ${at.toJSON()}`)
}

const overdue = { reminders: ['overdue'] }

describe('the reminders of a task', () => {
  it('are none where neither the tenant nor the person has any', async () => {
    expect(await told([somebody('ivanov')])).toEqual([])
    expect(await told([])).toEqual([])
  })

  it('are those of the tenant for whoever has none of their own', async () => {
    const people = [
      somebody('ivanov'),
      somebody('petrov', { actions: [mailTo('petrov', { reminders: ['1h overdue'] })] }),
      somebody('sidorov', { actions: [mailTo('sidorov', { reminders: [] })] }),
    ]
    expect(await told(people, overdue)).toEqual([
      `ivanov@acme.example overdue ${monday}`,
      'petrov@acme.example 1h overdue 2026-11-30T07:00:00.000Z',
    ])
  })

  it('are without those of an untaken task once it is taken', async () => {
    const reminders = ['4h untaken', 'overdue', '1d before due']
    const all = await planned([somebody('ivanov')], { reminders })
    expect(all.map(({ reminder }) => reminder.text)).toEqual(reminders)
    const taken = await planned([somebody('ivanov')], { reminders, isTaken: true })
    expect(taken.map(({ reminder }) => reminder.text)).toEqual(['overdue', '1d before due'])
  })

  it('are without those whose moment has passed, or is not known', async () => {
    const reminders = ['20d before due', 'overdue', '4h untaken']
    const untaken = 'ivanov@acme.example 4h untaken 2026-11-25T14:00:00.000Z'
    expect(await told([somebody('ivanov')], { reminders })).toEqual([
      `ivanov@acme.example overdue ${monday}`,
      untaken,
    ])
    const data = { dueDate: null }
    expect(await told([somebody('ivanov')], { reminders, data })).toEqual([untaken])
  })

  it('leave out texts that are no reminders, and keep the others', async () => {
    const reminders = [7, 'tomorrow', 'overdue', null] as never
    expect(await told([somebody('ivanov')], { reminders })).toEqual([
      `ivanov@acme.example overdue ${monday}`,
    ])
  })

  it('name the place with all that its message needs, and nothing of the subscription', async () => {
    const customData = { title: 'taskTitle' }
    const action = mailTo('ivanov', { locale: 'en', template: 'short', customData })
    const [only] = await planned([somebody('ivanov', { actions: [action] })], {
      ...overdue,
      data: { taskTitle: 'Договор' },
    })
    expect(only).toEqual({
      reminder: { text: 'overdue', when: 'overdue', amount: 0, unit: 'h', to: 'recipient' },
      place: {
        ...{ username: 'ivanov', channel: 'email', address: 'ivanov@acme.example' },
        ...{ locale: 'en', template: 'short', customData: { title: 'Договор' } },
        timing: { when: 'now' },
      },
      at: new Date(monday),
    })
  })
})

describe('the clock of a reminder', () => {
  /** Saturday in Moscow and in Vladivostok, and still Friday's work in New York. */
  const data = { dueDate: Date.parse('2026-11-27T21:30:00Z') }
  const inZone = (timeZone: string) => somebody('ivanov', { preferences: { timeZone } })
  const at = async (person: Subscriber, more: Case = {}) => {
    const [only] = await planned([person], { ...overdue, data, ...more })
    return only?.at.toJSON()
  }

  it("is the person's, or else the tenant's, or else Moscow's", async () => {
    const tenant = { timeZone: 'Asia/Vladivostok' }
    expect(await at(inZone('America/New_York'), tenant)).toBe('2026-11-27T21:30:00.000Z')
    expect(await at(somebody('ivanov'), tenant)).toBe('2026-11-29T23:00:00.000Z')
    expect(await at(somebody('ivanov'))).toBe(monday)
  })

  it('is never of a zone that can not be computed with', async () => {
    const tenant = { timeZone: 'Asia/Vladivostok' }
    expect(await at(inZone('IST'), tenant)).toBe('2026-11-29T23:00:00.000Z')
    expect(await at(inZone('IST'), { timeZone: 'Nowhere/At_All' })).toBe(monday)
  })

  it("follows the tenant's working hours", async () => {
    const saturday = workingHours.parse({ from: '10:00', to: '12:00', days: ['sat'] })
    expect(await at(somebody('ivanov'), { workingHours: saturday })).toBe(
      '2026-11-28T07:00:00.000Z',
    )
  })
})

describe('an escalation', () => {
  const reminders = ['8h untaken, tell initiator', '4h untaken']
  const initiators = [somebody('boss')]

  it('goes to the initiator alone, once, however many it concerns', async () => {
    const people = [somebody('ivanov'), somebody('petrov')]
    expect(await told(people, { reminders, initiators })).toEqual([
      'ivanov@acme.example 4h untaken 2026-11-25T14:00:00.000Z',
      'petrov@acme.example 4h untaken 2026-11-25T14:00:00.000Z',
      'boss@acme.example 8h untaken, tell initiator 2026-11-26T09:00:00.000Z',
    ])
  })

  it('is of each text that somebody has', async () => {
    const other = { reminders: ['overdue, tell initiator'] }
    const people = [
      somebody('ivanov'),
      somebody('petrov', { actions: [mailTo('petrov', other)] }),
      somebody('sidorov', { actions: [mailTo('sidorov', other)] }),
    ]
    expect(await told(people, { reminders, initiators })).toEqual([
      'ivanov@acme.example 4h untaken 2026-11-25T14:00:00.000Z',
      'boss@acme.example 8h untaken, tell initiator 2026-11-26T09:00:00.000Z',
      `boss@acme.example overdue, tell initiator ${monday}`,
    ])
  })

  it('comes to an initiator who wants no reminders of their own tasks', async () => {
    const boss = somebody('boss', { actions: [mailTo('boss', { reminders: [] })] })
    expect(await told([somebody('ivanov')], { reminders, initiators: [boss] })).toEqual([
      'ivanov@acme.example 4h untaken 2026-11-25T14:00:00.000Z',
      'boss@acme.example 8h untaken, tell initiator 2026-11-26T09:00:00.000Z',
    ])
  })

  it('that nobody has asks for no initiator', async () => {
    const find = jest.fn(async () => initiators)
    const event = { data: { dueDate: due }, settings: { reminders }, isTaken: true }
    expect(await planReminders(event, [somebody('ivanov')], find, now)).toEqual([])
    expect(find).not.toHaveBeenCalled()
    await planReminders({ ...event, isTaken: false }, [somebody('ivanov')], find, now)
    expect(find).toHaveBeenCalledTimes(1)
  })
})

describe('the places at which somebody is reminded', () => {
  it('are none that their preferences block, or that can not be followed', async () => {
    const timeZone = 'Europe/Moscow'
    const people = [
      somebody('blocked', { preferences: { timeZone, channels: { 'task.reminder': [] } } }),
      somebody('misfit', { preferencesFault: 'The stored preferences do not fit' }),
      somebody('off', {
        actions: [mailTo('off', { off: { reason: 'HTTP 410', at: '2026-03-01T00:00:00Z' } })],
      }),
      somebody('ivanov'),
    ]
    expect(await told(people, overdue)).toEqual([`ivanov@acme.example overdue ${monday}`])
  })

  it('are those of a digest too, and none that only stands in for another', async () => {
    const preferences = {
      timeZone: 'Europe/Moscow',
      digest: { at: '09:00', channels: ['email' as const] },
    }
    const next = [{ channel: 'telegram' as const, address: '1234567' }]
    const person = somebody('ivanov', { preferences, actions: [mailTo('ivanov', { next })] })
    expect(await told([person], overdue)).toEqual([`ivanov@acme.example overdue ${monday}`])
  })

  it('have twenty reminders of a task together, of each person', async () => {
    const reminders = ['overdue', '1h overdue', '2h overdue', '3h overdue', '4h overdue']
    const actions = ['a', 'b', 'c', 'd', 'e'].map((name) => mailTo(name))
    const all = await planned([somebody('ivanov', { actions }), somebody('petrov')], { reminders })
    const of = (username: string) => all.filter(({ place }) => place.username === username)
    expect(of('ivanov')).toHaveLength(20)
    expect(new Set(of('ivanov').map(({ place }) => place.address)).size).toBe(4)
    expect(of('petrov')).toHaveLength(5)
  })

  it('have none where the working hours can not be read, and nothing fails', async () => {
    const workingHours = { from: 'morning', to: 'evening', days: ['mon' as const] }
    expect(await told([somebody('ivanov')], { ...overdue, workingHours })).toEqual([])
  })

  it('wait for the end of quiet hours', async () => {
    const quietHours = { from: '08:00', to: '11:00' }
    const preferences = { timeZone: 'Europe/Moscow', quietHours }
    expect(await told([somebody('ivanov', { preferences })], overdue)).toEqual([
      'ivanov@acme.example overdue 2026-11-30T08:00:00.000Z',
    ])
  })
})
