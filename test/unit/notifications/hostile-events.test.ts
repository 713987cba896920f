import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { channelNames } from '../../../lib/channels/channel.ts'
import { catalogue, type EventType, eventTypes, sampleData } from '../../../lib/events/catalogue.ts'
import { parseExactJson } from '../../../lib/events/exact-number.ts'
import type { NotificationKind } from '../../../lib/notifications/kind.ts'
import { notify } from '../../../lib/notifications/notify.ts'
import { pooledUsersAndAssignee } from '../../../lib/notifications/recipients.ts'
import { taskInstance } from '../../../lib/notifications/subjects.ts'
import { subscribedType } from '../../../lib/notifications/subscriptions/subscriptions.ts'
import { memoryPorts } from './in-memory.ts'

const isTask = (type: EventType) => type.startsWith('task.')

/** The kind of a type, with every recipient that its events may name, or its subscribers. */
function kindOf(type: EventType): NotificationKind<object> {
  return {
    type,
    schema: catalogue[type].schema as never,
    recipients: isTask(type) ? pooledUsersAndAssignee : () => 'subscribers',
    ...(isTask(type) && { subject: taskInstance as never }),
  }
}

/** JSON as a sender may write it: any value, numbers beyond doubles, dates beyond calendars, half characters. */
const { value: garbage } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
    fc.constantFrom(
      ...['null', 'true', '0', '-1', '1e300', '-8.64e15', '8640000000000001', '1E+400', '-0'],
      ...['""', '" "', '"\\ud800"', '"9999999999999999"', '"+275760-09-13"', '"-271821-04-19"'],
      ...['"workspace://x/y"', '"{{ event }}"', '"__proto__"', '"constructor"', '[[]]', '{}'],
      ...['{"disp":7}', '{"ru":{}}', '{"en":"x","ru":null}', '[{"disp":null},7,null]'],
    ),
    fc.array(tie('value'), { maxLength: 3 }).map((all) => `[${all.join()}]`),
    fc
      .array(fc.tuple(fc.constantFrom('ru', 'disp', 'name', 'values', '__proto__'), tie('value')), {
        maxLength: 3,
      })
      .map((all) => `{${all.map(([key, text]) => `"${key}":${text}`).join()}}`),
  ),
}))

it.each(eventTypes)(
  '%s tells those whom it names, whatever is in its other fields',
  async (type) => {
    const fields = Object.keys(sampleData(type)).filter((name) => name !== 'type')
    const broken = fc.uniqueArray(fc.tuple(fc.constantFrom(...fields), garbage), {
      minLength: 1,
      maxLength: 4,
      selector: ([name]) => name,
    })
    await fc.assert(
      fc.asyncProperty(broken, async (values) => {
        const actions = channelNames.map((channel) => ({ channel, address: `${channel}-1` }))
        const eventType = subscribedType(type)
        const { store, lost, ports } = memoryPorts([
          { tenant: 'acme', username: 'anna', eventType, actions },
        ])
        const texts = Object.entries(sampleData(type)).map(
          ([name, value]) => [name, JSON.stringify(value)] as const,
        )
        const all = new Map([...texts, ...values])
        if (isTask(type)) all.set('taskPooledUsers', '["anna"]').set('taskPooledActors', '[]')
        const text = `{${[...all].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join()}}`
        const event = { tenant: 'acme', eventType: type, eventId: 'e1', data: parseExactJson(text) }
        expect(await notify(kindOf(type), event, ports)).toBe('handled')
        expect(lost).toEqual([])
        const states = store.all.map(({ state, reason }) => `${state} ${reason ?? ''}`)
        expect(states).toEqual(channelNames.map(() => 'WAIT_FOR_DISPATCH '))
      }),
      { numRuns: 40 },
    )
  },
)
