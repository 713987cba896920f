import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'

/** What a middleware of the function gets, as in middy. */
export interface MiddlewareRequest {
  readonly event: SQSEvent
  readonly context: Context
  response: SQSBatchResponse | null | undefined
  readonly error: Error | null | undefined
  readonly internal: Record<string, unknown>
}

/** A middleware as middy and Powertools make them. */
export interface Middleware {
  before?(request: MiddlewareRequest): unknown
  after?(request: MiddlewareRequest): unknown
  onError?(request: MiddlewareRequest): unknown
}

/**
 * The Lambda handler of a tenant's function: a middy handler, in types of our own, since middy's name
 * packages that a tenant's project need not have.
 */
export interface TenantFunction {
  (event: SQSEvent, context: Context): Promise<SQSBatchResponse>
  /** Adds middlewares around the handling of a batch. */
  use(middlewares: Middleware | Middleware[]): TenantFunction
}
