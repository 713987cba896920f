import * as z from 'zod'
import { checkAddress } from '../channels/addresses/address.ts'
import type { ChannelName } from '../channels/channel.ts'
import { localeField } from '../locale.ts'
import { timeZoneField } from '../time-zone.ts'

const text = z.string().min(1).max(200)

/** What is known of one person of a tenant, as it is stored. ECOS knows more, which nothing here needs. */
export const person = z.object({
  /** As other people know them: `Иванов И. И.` */
  name: text.optional(),
  email: text.optional(),
  phone: text.optional(),
  telegram: text.optional(),
  /** BCP 47. */
  locale: text.optional(),
  /** IANA. */
  timeZone: text.optional(),
})
export type Person = Readonly<z.infer<typeof person>>
export type PersonField = keyof Person

export const personFields = Object.keys(person.shape) as PersonField[]

/** A person of a tenant. */
export interface NamedPerson {
  /** In lower case. */
  readonly username: string
  readonly person: Person
}

function addressFor(channel: ChannelName) {
  return z.string().transform((given, context) => {
    const checked = checkAddress(channel, given)
    if ('address' in checked) return checked.address
    context.addIssue(checked.problem)
    return z.NEVER
  })
}

/** Each field of a person to be stored, in its canonical form. */
export const newPersonFields = {
  name: z
    .string()
    .transform((given) => given.replace(/[\p{Cc}\s]+/gu, ' ').trim())
    .pipe(text),
  email: addressFor('email'),
  phone: addressFor('sms'),
  telegram: addressFor('telegram'),
  locale: localeField,
  timeZone: timeZoneField,
} satisfies Record<PersonField, z.ZodType<string, string>>
