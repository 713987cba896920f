import * as z from 'zod'
import { messageOf } from '../errors.ts'
import { formatAttributePath, parseAttributePath } from './attribute-path.ts'
import { predicate } from './predicate.ts'

/** Maximum numbers for one listener: event types, and attributes per type. */
export const interestLimits = { eventTypes: 100, attributes: 500 } as const

export const attribute = z
  .string()
  .transform((path, context) => {
    try {
      return formatAttributePath(parseAttributePath(path))
    } catch (error) {
      context.addIssue(messageOf(error))
      return z.NEVER
    }
  })
  .meta({
    id: 'AttributePath',
    description:
      'A path in the syntax of the Records API, such as author.userName or rec._type?id.',
  })

/** The attributes that a listener needs with events of one type, and a filter for these events. */
export const interest = z
  .object({
    attributes: z.array(attribute).max(interestLimits.attributes),
    filter: predicate
      .optional()
      .describe('Only events that match it. It is evaluated on the attributes that it names.'),
  })
  .meta({ id: 'Interest' })
export type Interest = z.infer<typeof interest>

/** A listener's interests, by event type. */
export const interests = z
  .record(z.string().min(1).max(128), interest)
  .refine((byType) => Object.keys(byType).length <= interestLimits.eventTypes)
  .describe('By event type.')
export type Interests = z.infer<typeof interests>
