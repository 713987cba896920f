import * as z from 'zod'
import { late } from '../late.ts'

/** The page in ECOS that a message leads to. */
export const messageLink = late(() =>
  z.object({
    /** The record's page; the web client's own where the event names no record. */
    url: z.string(),
    /** What the reader can do there: `Открыть задачу`. */
    label: z.string(),
    /** The web client's address, for where the record's own does not fit. */
    home: z.string(),
  }),
)
export type MessageLink = Readonly<z.infer<typeof messageLink>>

const mailboxField = late(() => z.object({ name: z.string(), address: z.string() }))

/** What a mail has beside title, text and HTML. */
export const mailParts = late(() =>
  z.object({
    /** The sender, or the sender's name, of the tenant; the cell's where they are missing. */
    from: mailboxField.partial().optional(),
    replyTo: mailboxField.optional(),
    /** Why the reader got it: a sentence. */
    why: z.string(),
    /** What the mail is about: mails of a tenant with the same one are a thread. */
    thread: z.string().optional(),
  }),
)
export type MailParts = Readonly<z.infer<typeof mailParts>>

const person = late(() => z.object({ username: z.string(), name: z.string().nullable() }))

/** An event's fields for a program, beside its title and text for people. */
export const messageDetails = late(() =>
  z.object({
    /** ISO 8601, in UTC: when it happened, by ECOS's clock. */
    happenedAt: z.string().nullable(),
    task: z
      .object({
        id: z.string().nullable(),
        title: z.string().nullable(),
        type: z.string().nullable(),
        role: z.string().nullable(),
        process: z.string().nullable(),
        outcome: z.string().nullable(),
        comment: z.string().nullable(),
      })
      .nullable(),
    /** The record that the event is about. */
    document: z.object({ ref: z.string(), title: z.string().nullable() }).nullable(),
    /** Whoever had that part in it. */
    people: z.object({
      initiator: person.nullable(),
      assignee: person.nullable(),
      author: person.nullable(),
    }),
    /** ISO 8601, in UTC. */
    due: z.string().nullable(),
    links: z.object({ record: z.string().nullable(), web: z.string().nullable() }),
  }),
)
export type MessageDetails = Readonly<z.infer<typeof messageDetails>>

/** The parts of a message that only some channels use. */
export const messageParts = late(() => ({
  /** One line for channels with little room; without it they show the text. */
  short: z.string().optional(),
  link: messageLink.optional(),
  mail: mailParts.optional(),
  details: messageDetails.optional(),
}))
