import * as z from 'zod'

/**
 * The fields of which ECOS's events are made. Readers keep what they do not know (loose objects), and
 * take a missing field for null, since the producer's version is not ours to set.
 */
export const text = z.string().nullable().default(null)

/** Epoch milliseconds. */
export const instant = z.number().nullable().default(null)

/** The bridge has made an id of it; here it is whatever the producer sent. */
export const ownId = z.union([z.string(), z.number()]).nullable().default(null)

export const texts = z
  .array(z.string())
  .nullish()
  .transform((values) => values ?? [])

/** A text, or one in several languages: `{"ru": "Договор", "en": "Contract"}`. */
export const label = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .nullable()
  .default(null)

/** A list that is empty where it is missing or null. */
export function listOf<Schema extends z.ZodType>(element: Schema) {
  return z
    .array(element)
    .nullish()
    .transform((values): z.output<Schema>[] => values ?? [])
}
