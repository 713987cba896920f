import * as z from 'zod'
import { catalogue } from '../../lib/events/catalogue.ts'
import { parseExactJson } from '../../lib/events/exact-number.ts'
import { reminderType } from '../../lib/notifications/notification.ts'
import { remindedType } from '../../lib/notifications/subscriptions/subscriptions.ts'
import { isNotifiedType, type NotifiedType } from '../../lib/notifications/timing.ts'
import { fault } from '../say.ts'
import { readTextFile } from './text-file.ts'

/** An event read from a file. */
export interface FileEvent {
  readonly type: NotifiedType
  /** Set if the file has one. */
  readonly tenant?: string
  readonly data: object
}

const record = z.record(z.string(), z.unknown())
const envelope = z.object({ tenantid: z.string(), data: record })

/** An event of the bus, its envelope, a message as ECOS sends it, or the data alone. */
const eventFile = z.union([
  z.object({ detail: envelope }).transform(({ detail }) => detail),
  envelope,
  z.object({ data: record }),
  record.transform((data) => ({ data })),
])

/**
 * @param file `-` for standard input
 * @param asType overrides the event's type
 * @throws EcosError `file-unreadable`, `invalid-event`
 */
export function readEventFile(file: string, asType: NotifiedType | undefined): FileEvent {
  const parsed = eventFile.safeParse(parseExactJson(readTextFile(file)))
  if (!parsed.success) throw fault('invalid-event', '{file} is not an event in JSON', { file })
  const { data, ...rest } = parsed.data
  const type = asType ?? String(data['type'])
  if (!isNotifiedType(type))
    throw fault('invalid-event', '{file}: "{type}" is not an event type', { file, type })

  const { schema } = catalogue[type === reminderType ? remindedType : type]
  const fitting = schema.parse({ ...data, type })
  return { type, data: fitting, ...('tenantid' in rest && { tenant: rest.tenantid }) }
}
