import * as z from 'zod'
import { late } from '../late.ts'

export const personText = late(() => z.string().min(1).max(200))

/** What is known of one person of a tenant, as it is stored. ECOS knows more, which nothing here needs. */
export const person = late(() =>
  z.object({
    /** As other people know them: `Иванов И. И.` */
    name: personText.optional(),
    email: personText.optional(),
    phone: personText.optional(),
    telegram: personText.optional(),
    /** BCP 47. */
    locale: personText.optional(),
    /** IANA. */
    timeZone: personText.optional(),
  }),
)
export type Person = Readonly<z.infer<typeof person>>
export type PersonField = keyof Person

export const personFields = [
  'name',
  'email',
  'phone',
  'telegram',
  'locale',
  'timeZone',
] as const satisfies readonly PersonField[]

/** A person of a tenant. */
export interface NamedPerson {
  /** In lower case. */
  readonly username: string
  readonly person: Person
}
