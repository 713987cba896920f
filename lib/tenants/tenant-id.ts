import * as z from 'zod'

/** Characters. */
const maxLength = 200
/**
 * Bytes in UTF-8: ECOS names exchanges `tenant.<id>.record-events`, and AMQP allows 255 bytes
 * (specification 0-9-1, short string).
 */
const maxBytes = 255 - Buffer.byteLength('tenant..record-events')

/** A tenant's id: ECOS's property `ecos.server.tenant.id`, of any characters that its broker and SQS take. */
export const tenantId = z
  .string()
  .min(1, 'a tenant id is not empty')
  .refine((id) => id !== '-', 'a tenant id is not "-", which stands for no tenant')
  .max(maxLength, `a tenant id has at most ${maxLength} characters`)
  .refine((id) => Buffer.byteLength(id) <= maxBytes, {
    error: `a tenant id has at most ${maxBytes} bytes in UTF-8: the broker allows its exchange no longer name`,
  })
  .refine((id) => id.isWellFormed() && !/[\p{Cc}\uFFFE\uFFFF]/u.test(id), {
    error: 'a tenant id has no control characters',
  })
