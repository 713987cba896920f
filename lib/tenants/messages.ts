import * as z from 'zod'
import { type Mailbox, mailbox } from '../channels/addresses/mailbox.ts'
import { late } from '../late.ts'
import { timeZoneField } from '../time-zone.ts'
import { recordUrl, webUrl } from './record-url.ts'
import { type ReminderSettings, tenantReminders, workingHours } from './reminders.ts'

/** How messages to a tenant's people look, where they lead, and when people are reminded. */
export interface MessageSettings extends ReminderSettings {
  /** Where the tenant's web client of ECOS is: `https://ecos.acme.example`. Without it messages have no links. */
  readonly webUrl?: string
  /** The pattern of records' links (default: `defaultRecordUrl`). */
  readonly recordUrl?: string
  /** IANA: the clock of dates for people who have no zone of their own (default: `defaultTimeZone`). */
  readonly timeZone?: string
  /** The organisation's name, as people know it. */
  readonly name?: string
  /** The picture above mails: an https URL. */
  readonly logo?: string
  /** The colour of a mail's button, `#rrggbb`. */
  readonly colour?: string
  /** The sender of mails, if not the cell's. */
  readonly mailFrom?: Mailbox
  /** Who gets the answers to mails. */
  readonly replyTo?: Mailbox
}

/** The fields of a tenant in tenants.yml that concern its messages. */
export const messageFields = late(() => ({
  webUrl: webUrl.optional(),
  recordUrl: recordUrl.optional(),
  timeZone: timeZoneField.optional(),
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^\P{Cc}*$/u, 'has a control character')
    .optional(),
  logo: z.url({ protocol: /^https$/, error: 'is not an https address' }).optional(),
  colour: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'is not a colour such as "#0b5cad", in quotes')
    .optional(),
  mailFrom: mailbox.optional(),
  replyTo: mailbox.optional(),
  reminders: tenantReminders.optional(),
  workingHours: workingHours.optional(),
}))

/** Those of an entry that are set. */
export function messageSettingsOf(
  entry: {
    readonly [Field in keyof MessageSettings]: MessageSettings[Field] | undefined
  },
): MessageSettings {
  const fields = Object.keys(messageFields) as (keyof MessageSettings)[]
  const set = fields.flatMap((field) => (entry[field] === undefined ? [] : [[field, entry[field]]]))
  return Object.fromEntries(set)
}
