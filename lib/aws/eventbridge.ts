import {
  DescribeEventBusCommand,
  EventBridgeClient,
  type EventBridgeClientConfig,
  EventBridgeServiceException,
  PutEventsCommand,
  type PutEventsResultEntry,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge'
import type { Bus, BusEntry, EntryResult } from '../bridge/bus.ts'
import { EcosError, messageOf } from '../errors.ts'

/**
 * Milliseconds. The publisher retries, so that one call neither waits long nor is tried again here:
 * the two policies would multiply.
 */
const defaultRequestTimeout = 4_000
const connectionTimeout = 2_000

/** Entry error codes that speak of the entry's content. Anything else may pass and is tried again. */
const contentCodes = new Set(['InvalidArgument', 'MalformedDetail', 'ValidationException'])

/** Call error names that speak of the call's content. */
const contentErrors = new Set([
  'ValidationException',
  'ValidationError',
  'RequestEntityTooLargeException',
  'SerializationException',
])

/** Call error names that nothing but somebody's hand will change. */
const lastingErrors = new Set(['AccessDeniedException', 'AccessDenied'])

/** @param config the SDK's own, and the milliseconds to wait for an answer (default 4,000) */
export function createBusClient({
  requestTimeout = defaultRequestTimeout,
  ...config
}: EventBridgeClientConfig & { readonly requestTimeout?: number } = {}): EventBridgeClient {
  return new EventBridgeClient({
    maxAttempts: 1,
    requestHandler: { requestTimeout, connectionTimeout, throwOnRequestTimeout: true },
    ...config,
  })
}

/** The bus of that name in the region and account of the environment. */
export function createBus(busName: string, client = createBusClient()): Bus {
  return { put, check }

  async function put(entries: readonly BusEntry[]): Promise<readonly EntryResult[]> {
    const command = new PutEventsCommand({
      Entries: entries.map(({ source, detailType, detail, time }) => ({
        EventBusName: busName,
        Source: source,
        DetailType: detailType,
        Detail: detail,
        Time: time,
      })),
    })
    try {
      const { Entries = [] } = await client.send(command)
      return Entries.map(asResult)
    } catch (cause) {
      throw isAboutContent(cause) ? callRefused(cause) : busUnavailable(busName, cause)
    }
  }

  async function check(): Promise<void> {
    try {
      // PutEvents accepts entries for a bus that does not exist, and drops them.
      await client.send(new DescribeEventBusCommand({ Name: busName }))
    } catch (cause) {
      throw cause instanceof ResourceNotFoundException
        ? busMissing(busName, cause)
        : busUnavailable(busName, cause)
    }
  }
}

function asResult({ EventId, ErrorCode }: PutEventsResultEntry): EntryResult {
  if (ErrorCode === undefined) {
    return EventId === undefined
      ? { status: 'failed', code: 'no-event-id' }
      : { status: 'accepted' }
  }
  return { status: contentCodes.has(ErrorCode) ? 'refused' : 'failed', code: ErrorCode }
}

function isAboutContent(error: unknown): boolean {
  return (
    error instanceof EventBridgeServiceException &&
    (contentErrors.has(error.name) || error.$metadata.httpStatusCode === 413)
  )
}

function callRefused(cause: unknown): EcosError {
  return new EcosError('call-refused', `EventBridge refused the content: ${messageOf(cause)}`, {
    cause,
  })
}

function busMissing(busName: string, cause: unknown): EcosError {
  return new EcosError('bus-missing', `There is no bus ${busName}: deploy its cell`, { cause })
}

function busUnavailable(busName: string, cause: unknown): EcosError {
  const name = cause instanceof Error ? cause.name : 'Error'
  return new EcosError(
    'bus-unavailable',
    `The bus ${busName} does not take events: ${name}: ${messageOf(cause)}`,
    { cause, retryable: !lastingErrors.has(name) },
  )
}
