import {
  DescribeEventBusCommand,
  EventBridgeClient,
  type EventBridgeClientConfig,
  EventBridgeServiceException,
  PutEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge'
import type { Bus, BusEntry } from '../../bridge/publish/bus.ts'
import { EcosError } from '../../errors.ts'
import { asResult, busUnavailable, callFailed, type ServiceFailure } from './put-events-answer.ts'

/**
 * Milliseconds. The publisher retries, so that one call neither waits long nor is tried again here:
 * the two policies would multiply.
 */
export const requestTimeout = 4_000
export const connectionTimeout = 2_000

/** The SDK's 50 sockets would be fewer than the publisher's calls in flight may be. */
const sockets = { keepAlive: true, maxSockets: 500 }

/** @param config the SDK's own, and the milliseconds to wait for an answer (default 4,000) */
export function createBusClient({
  requestTimeout: answerTimeout = requestTimeout,
  ...config
}: EventBridgeClientConfig & { readonly requestTimeout?: number } = {}): EventBridgeClient {
  return new EventBridgeClient({
    maxAttempts: 1,
    requestHandler: {
      requestTimeout: answerTimeout,
      connectionTimeout,
      throwOnRequestTimeout: true,
      httpAgent: sockets,
      httpsAgent: sockets,
    },
    ...config,
  })
}

/** The bus of that name in the region and account of the environment. */
export function createBus(busName: string, client = createBusClient()): Bus {
  return {
    async put(entries) {
      const command = new PutEventsCommand({
        Entries: entries.map(({ source, detailType, detail, time }: BusEntry) => ({
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
        throw callFailed(busName, cause, failureOf(cause))
      }
    },
    async check() {
      try {
        // PutEvents accepts entries for a bus that does not exist, and drops them.
        await client.send(new DescribeEventBusCommand({ Name: busName }))
      } catch (cause) {
        throw cause instanceof ResourceNotFoundException
          ? busMissing(busName, cause)
          : busUnavailable(busName, cause, failureOf(cause))
      }
    },
  }
}

/** Undefined where there was no answer of the service. */
function failureOf(error: unknown): ServiceFailure | undefined {
  return error instanceof EventBridgeServiceException
    ? { name: error.name, status: error.$metadata.httpStatusCode }
    : undefined
}

function busMissing(busName: string, cause: unknown): EcosError {
  return new EcosError('bus-missing', `There is no bus ${busName}: deploy its cell`, { cause })
}
