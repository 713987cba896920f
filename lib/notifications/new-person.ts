import * as z from 'zod'
import { checkAddress } from '../channels/addresses/address.ts'
import type { ChannelName } from '../channels/channel.ts'
import { localeField } from '../locale.ts'
import { timeZoneField } from '../time-zone.ts'
import { type PersonField, personText } from './person.ts'

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
    .pipe(personText),
  email: addressFor('email'),
  phone: addressFor('sms'),
  telegram: addressFor('telegram'),
  locale: localeField,
  timeZone: timeZoneField,
} satisfies Record<PersonField, z.ZodType<string, string>>
