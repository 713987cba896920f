import * as z from 'zod'
import { late } from '../../late.ts'
import { instant, listOf, ownId, text } from './fields.ts'

/** `record.create` and `record.update`: their `id` is always null on the wire. */
export const recordEvent = late(() =>
  z
    .looseObject({
      id: ownId,
      type: z.string(),
      /** The record. */
      docId: text,
      createdDate: instant,
      /** The attributes that changed, with what they hold now. A status is one: `caseStatus`. */
      attrChanges: listOf(
        z.looseObject({
          name: text,
          /** `disp` is what people call the value, `str` what it is. */
          values: listOf(z.looseObject({ str: text, disp: text })),
        }),
      ),
    })
    .meta({
      examples: [
        {
          id: null,
          docId: 'alfresco@workspace://SpacesStore/a182cd0f-25d9-4959-899d-7efd06a34058',
          createdDate: 1767225600000,
          version: 1,
          attrChanges: [
            {
              name: 'caseStatus',
              values: [{ str: 'alfresco@workspace://SpacesStore/st-4', disp: 'На согласовании' }],
            },
            { name: 'cm:title', values: [{ str: 'Договор №8', disp: 'Договор №8' }] },
          ],
        },
      ],
    }),
)
export type RecordEvent = z.infer<typeof recordEvent>
