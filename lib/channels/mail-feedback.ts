import * as z from 'zod'
import { late } from '../late.ts'

/** Characters of a tag's value (SES API v2 reference, MessageTag), which takes letters, digits, `-` and `_`. */
const longestTag = 256

export interface MailTag {
  readonly Name: string
  readonly Value: string
}

/** The tags by which SES's events name a mail's reader; none where a name is too long for one. */
export function readerTags(tenant: string, username: string | undefined): readonly MailTag[] {
  if (username === undefined) return []
  const tags = Object.entries({ tenant, reader: username }).map(([Name, text]) => ({
    Name,
    Value: Buffer.from(text).toString('base64url'),
  }))
  return tags.every(({ Value }) => Value.length <= longestTag) ? tags : []
}

const tag = late(() =>
  z.tuple([z.string().min(1)]).transform(([value]) => Buffer.from(value, 'base64url').toString()),
)

const mail = late(() =>
  z.object({
    /** When SES took the mail. */
    timestamp: z.iso.datetime({ offset: true }).optional().catch(undefined),
    destination: z.tuple([z.string().min(1)]),
    tags: z.object({ tenant: tag, reader: tag }),
  }),
)

/** Words and codes alone, so that a reason repeats no address. */
const word = late(() => z.string().regex(/^[A-Za-z-]{1,64}$/))
const status = late(() => z.string().regex(/^\d\.\d{1,3}\.\d{1,3}$/))

/** Events of SES on EventBridge (SES developer guide, "Contents of event data"). */
const feedback = late(() =>
  z.discriminatedUnion('eventType', [
    z.object({
      eventType: z.literal('Bounce'),
      mail,
      bounce: z.object({
        bounceType: word,
        bounceSubType: word.optional().catch(undefined),
        bouncedRecipients: z.array(z.object({ status: status.optional().catch(undefined) })),
      }),
    }),
    z.object({
      eventType: z.literal('Complaint'),
      mail,
      complaint: z.object({ complaintFeedbackType: word.nullish().catch(undefined) }),
    }),
  ]),
)

/** An address that gets no more mail, and why. */
export interface EndedMailbox {
  readonly tenant: string
  readonly username: string
  readonly channel: 'email'
  readonly address: string
  /** ISO 8601, if SES says when it took the mail. */
  readonly madeAt?: string
  readonly reason: string
}

/**
 * Reads SES's event of a bounce or a complaint.
 *
 * @returns undefined if the mailbox may take later mails, or the event is of none of our mails
 */
export function endedMailbox(event: unknown): EndedMailbox | undefined {
  const { data } = z.object({ detail: feedback }).safeParse(event)
  if (data === undefined) return undefined
  const { detail } = data
  if (detail.eventType === 'Bounce' && detail.bounce.bounceType !== 'Permanent') return undefined
  const parts =
    detail.eventType === 'Bounce'
      ? ['SES bounce', detail.bounce.bounceSubType, detail.bounce.bouncedRecipients[0]?.status]
      : ['SES complaint', detail.complaint.complaintFeedbackType]
  const { destination, tags, timestamp: madeAt } = detail.mail
  const { tenant, reader: username } = tags
  const reason = parts.filter(Boolean).join(' ')
  const place = { tenant, username, channel: 'email', address: destination[0] } as const
  return { ...place, ...(madeAt !== undefined && { madeAt }), reason }
}
