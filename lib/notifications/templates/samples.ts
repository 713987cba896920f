import { catalogue, type EventType, sampleData } from '../../events/catalogue.ts'
import { reminderType } from '../notification.ts'
import { remindedType } from '../subscriptions/subscriptions.ts'
import type { NotifiedType } from '../timing.ts'

/** Data of an event with which its templates are tried: complete, then without any optional field. */
export function samplesOf(type: NotifiedType): readonly [object, ...object[]] {
  if (type !== reminderType) return [sampleData(type), withoutOptional(type)]
  const reminders = (['before due', 'overdue', 'untaken'] as const).flatMap((when) =>
    (['recipient', 'initiator'] as const).map((to) => ({ when, to })),
  )
  const [first, ...rest] = [sampleData(remindedType), withoutOptional(remindedType)].flatMap(
    (data) => reminders.map((reminder) => ({ ...data, reminder })),
  )
  return [first as object, ...rest]
}

function withoutOptional(type: EventType): object {
  return catalogue[type].schema.parse({ type })
}
