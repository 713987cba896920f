import { Logger } from '@aws-lambda-powertools/logger'
import * as z from 'zod'
import { createPayloadStore } from '../aws/payloads.ts'
import { createQueues } from '../aws/sqs.ts'
import { createDynamoDb } from '../aws/tables/dynamodb.ts'
import { createOnce } from '../aws/tables/idempotency.ts'
import { readEnvironment } from '../config.ts'
import { messageOf } from '../errors.ts'
import type { EventType } from '../events/catalogue.ts'
import { everyTime } from '../queue-function/once.ts'
import { queueFunction, queueVariables } from '../queue-function/queue-function.ts'
import { doublingRetry } from '../queue-function/retry-wait.ts'
import { tenantConsumer } from './consumer.ts'
import type { TenantEventType } from './event-types.ts'
import { checkHandlers, type EventHandler, type EventHandlers } from './handlers.ts'
import type { TenantFunction } from './tenant-function.ts'
import { type AttributesHandler, withAttributes } from './with-attributes.ts'

/** The settings of a tenant's function. */
const variables = z.object({
  ...queueVariables,
  ECOS_TENANT: z.string(),
  /** The cell's bucket, which holds data that is too large for the bus. */
  PAYLOAD_BUCKET: z.string(),
  IDEMPOTENCY_TABLE: z.string().optional(),
})

/** Paths of the record's attributes that a handler needs, as in `ecos-eventbridge attributes add`. */
export interface AskedAttributes<Path extends string> {
  readonly attributes: readonly Path[]
}

/**
 * Creates the Lambda handler of a tenant's function. A rule puts events of the cell's bus into the
 * function's SQS queue, whose event source mapping has `ReportBatchItemFailures`. Only the events that
 * fail are delivered again, with growing waits; after `maxReceiveCount` attempts they move to the
 * dead-letter queue. Invalid events, other tenants' events and events without a handler fail too.
 *
 * Environment variables: `ECOS_TENANT`, `PAYLOAD_BUCKET`, `QUEUE_URL`, `MAX_RECEIVE_COUNT` (as in the
 * queue's redrive policy). Optional: `IDEMPOTENCY_TABLE` (key `id`, time to live `expiration`), with which
 * an event is handled once within 30 days; `RETRY_BASE_SECONDS` (default 5); `POWERTOOLS_SERVICE_NAME`
 * and `POWERTOOLS_LOG_LEVEL`.
 *
 * @throws EcosError `missing-variable`, `invalid-variable`, `unknown-event-type` or `no-handler` when the
 * function starts
 */
export function onEcosEvent<Type extends TenantEventType>(
  type: Type,
  handler: EventHandler<Type>,
): TenantFunction
export function onEcosEvent<Type extends EventType, const Path extends string>(
  type: Type,
  asked: AskedAttributes<Path>,
  handler: AttributesHandler<Type, Path>,
): TenantFunction
export function onEcosEvent(handlers: EventHandlers): TenantFunction
export function onEcosEvent(
  first: TenantEventType | EventHandlers,
  second?: EventHandler<TenantEventType> | AskedAttributes<string>,
  third?: AttributesHandler<EventType, string>,
): TenantFunction {
  const handler =
    typeof second === 'object' && third ? withAttributes(second.attributes, third) : second
  const handlers = (typeof first === 'string' ? { [first]: handler } : first) as EventHandlers
  checkHandlers(handlers)
  const settings = readEnvironment(variables, process.env)
  const { ECOS_TENANT, PAYLOAD_BUCKET, IDEMPOTENCY_TABLE, QUEUE_URL } = settings
  const log = new Logger()
  return queueFunction(
    tenantConsumer(handlers, {
      tenant: ECOS_TENANT,
      log,
      payloads: createPayloadStore(PAYLOAD_BUCKET),
      once: IDEMPOTENCY_TABLE ? createOnce(IDEMPOTENCY_TABLE, createDynamoDb()) : everyTime,
    }),
    {
      log,
      retry: doublingRetry(settings.MAX_RECEIVE_COUNT, settings.RETRY_BASE_SECONDS),
      postpone: createQueues()(QUEUE_URL).postpone,
      // The tenant's own errors, in the tenant's own log.
      explain: messageOf,
    },
  )
}
