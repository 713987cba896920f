import * as z from 'zod'
import { instant, label, listOf, ownId, text } from './fields.ts'

/**
 * The record types of ECOS's events 2.0. `attributes` holds what a listener asked for, by the names
 * that it gave them; null is what the record does not have. Those below are what the notifications read.
 */
const envelope = {
  id: ownId,
  type: z.string(),
  /** The record. */
  docId: text,
  createdDate: instant,
  /** When it happened: ISO 8601, or epoch milliseconds. */
  time: z.union([z.string(), z.number()]).nullable().default(null),
  /** Who did it: a user name, in any letter case. */
  user: text,
  source: text,
}
const titles = {
  /** What people call the record: `record?disp`. */
  title: label,
  /** What they call its type: `typeDef.name`. */
  typeTitle: label,
}

const example = {
  id: '5f0c2f8e-6a8d-4b44-9a0d-1d2f6f6c8a01',
  docId: 'emodel/contract@42',
  time: '2026-01-01T00:00:00Z',
  user: 'ivanov',
  source: 'emodel',
}
const exampleTitles = {
  title: { ru: 'Договор №42', en: 'Contract 42' },
  typeTitle: { ru: 'Договор', en: 'Contract' },
}

/** `record-created` and `record-deleted`. */
export const recordLifeEvent = z
  .looseObject({ ...envelope, attributes: z.looseObject(titles).prefault({}) })
  .meta({ examples: [{ ...example, attributes: exampleTitles }] })
export type RecordLifeEvent = z.infer<typeof recordLifeEvent>

/** An attribute that changed: `diff.list[]{id, name:def.name, before, after}`. */
const change = z.looseObject({
  id: z.string(),
  name: label,
  before: z.unknown().default(null),
  after: z.unknown().default(null),
})

/** `record-changed`. */
export const recordChangedEvent = z
  .looseObject({
    ...envelope,
    attributes: z.looseObject({ ...titles, diff: listOf(change) }).prefault({}),
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
  })
export type RecordChangedEvent = z.infer<typeof recordChangedEvent>

/** `record-status-changed`. */
export const recordStatusChangedEvent = z
  .looseObject({
    ...envelope,
    /** What people call the statuses: `before?disp`, `after?disp`. */
    attributes: z.looseObject({ ...titles, before: label, after: label }).prefault({}),
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
  })
export type RecordStatusChangedEvent = z.infer<typeof recordStatusChangedEvent>
