import * as z from 'zod'
import { late } from '../late.ts'
import { tracedFields } from './trace.ts'

/**
 * The envelope: a CloudEvents 1.0 object in JSON format, used as an EventBridge entry's `Detail`.
 * `tenantid` is our extension attribute. `dataref` (the claim-check extension) replaces `data` when the
 * data is too large for the bus and is stored in S3.
 *
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md and its
 * extensions/dataref.md, extensions/distributed-tracing.md
 */
export const envelope = late(() =>
  z.looseObject({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    source: z.string().min(1),
    type: z.string().min(1),
    time: z.string().optional(),
    subject: z.string().optional(),
    /** CloudEvents' extension distributed-tracing. */
    ...tracedFields,
    tenantid: z.string().min(1),
    datacontenttype: z.literal('application/json'),
    data: z.record(z.string(), z.unknown()).optional(),
    /** `s3://<bucket>/<key>` */
    dataref: z.string().startsWith('s3://').optional(),
  }),
)
export type Envelope = z.infer<typeof envelope>
