import * as z from 'zod'
import { late } from '../../late.ts'
import { instant, ownId, text } from './fields.ts'

/** `comment.added`, with the comment's text before and after the change. */
export const commentEvent = late(() =>
  z
    .looseObject({
      id: ownId,
      type: z.string(),
      /** The commented record. */
      docId: text,
      createdDate: instant,
      /** A user name, in any letter case. */
      author: text,
      record: text,
      commentRec: text,
      textBefore: text,
      textAfter: text,
    })
    .meta({
      examples: [
        {
          id: '0d0a6f0e-5c3e-4b5f-9e0e-5b0d2a7a4c11',
          docId: 'alfresco@workspace://SpacesStore/f2bb30a4-5e4b-482c-8458-dff3579549c2',
          createdDate: 1767225600000,
          author: 'ivanov',
          commentRec: 'emodel/comment@1',
          textAfter: 'Прошу уточнить сумму.\nПункт 2.1.',
        },
      ],
    }),
)
export type CommentEvent = z.infer<typeof commentEvent>
