import * as z from 'zod'
import { late } from '../../late.ts'
import { isObject } from '../../parse.ts'
import { instant, label, listOf, objectOf, ownId, text } from './fields.ts'

/**
 * The record types of ECOS's events 2.0. `attributes` holds the requested attributes by path, with null for
 * those that the record lacks. The names below are those that the built-in templates use.
 */
const envelope = late(() => ({
  id: ownId,
  type: z.string(),
  /** The record. */
  docId: text,
  createdDate: instant,
  /** When it happened: ISO 8601, or epoch milliseconds. */
  time: z
    .unknown()
    .optional()
    .transform((value) => (typeof value === 'string' || typeof value === 'number' ? value : null)),
  /** Who did it: a user name, in any letter case. */
  user: text,
  source: z.unknown().optional().transform(sourceOf),
}))
/** ECOS's Java services send an object, `{source, appName, appInstanceId}`; older ones a text. */
export type EventSource = string | Readonly<Record<string, unknown>> | null

function sourceOf(value: unknown): EventSource {
  return typeof value === 'string' || isObject(value) ? value : null
}

const titles = {
  /** The record's display name: `record?disp`. */
  title: label,
  /** The display name of its type: `typeDef.name`. */
  typeTitle: label,
}

const example = {
  id: '5f0c2f8e-6a8d-4b44-9a0d-1d2f6f6c8a01',
  docId: 'emodel/contract@42',
  time: '2026-01-01T00:00:00Z',
  user: 'ivanov',
  source: { source: '', appName: 'emodel', appInstanceId: 'emodel-1' },
}
const exampleTitles = {
  title: { ru: 'Договор №42', en: 'Contract 42' },
  typeTitle: { ru: 'Договор', en: 'Contract' },
}

/** `record-created` and `record-deleted`. */
export const recordLifeEvent = late(() =>
  z
    .looseObject({ ...envelope, attributes: objectOf(titles) })
    .meta({ examples: [{ ...example, attributes: exampleTitles }] }),
)
export type RecordLifeEvent = z.infer<typeof recordLifeEvent>

/** A changed attribute: `diff.list[]{id, name:def.name, before, after}`. */
const change = late(() =>
  z.looseObject({
    id: text,
    name: label,
    before: label,
    after: label,
  }),
)

/** `record-changed`. */
export const recordChangedEvent = late(() =>
  z
    .looseObject({
      ...envelope,
      attributes: objectOf({ ...titles, diff: listOf(change) }),
    })
    .meta({
      examples: [
        {
          ...example,
          attributes: {
            ...exampleTitles,
            diff: [
              { id: 'sum', name: { ru: 'Сумма', en: 'Sum' }, before: 1000, after: 1500.5 },
              { id: 'signer', name: 'Подписант', before: null, after: { disp: 'Иванов И. И.' } },
            ],
          },
        },
      ],
    }),
)
export type RecordChangedEvent = z.infer<typeof recordChangedEvent>

/** `record-status-changed`. */
export const recordStatusChangedEvent = late(() =>
  z
    .looseObject({
      ...envelope,
      /** The display names of the statuses: `before?disp`, `after?disp`. */
      attributes: objectOf({ ...titles, before: label, after: label }),
    })
    .meta({
      examples: [
        {
          ...example,
          attributes: {
            ...exampleTitles,
            before: { ru: 'Черновик', en: 'Draft' },
            after: { ru: 'На согласовании', en: 'In approval' },
          },
        },
      ],
    }),
)
export type RecordStatusChangedEvent = z.infer<typeof recordStatusChangedEvent>
