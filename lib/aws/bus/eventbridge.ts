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
import { createClient } from '../client.ts'
import { asResult, busUnavailable, callFailed, type ServiceFailure } from './put-events-answer.ts'

/**
 * Milliseconds. The publisher retries, so a call neither waits long nor is retried by the SDK: the two
 * policies would multiply.
 */
export const busBounds = {
  connectionTimeout: 2_000,
  requestTimeout: 4_000,
  totalTimeout: 6_000,
} as const

/** The SDK's default of 50 sockets is below the calls that the publisher may have in flight. */
const sockets = { keepAlive: true, maxSockets: 500 }

/** @param config the SDK's own, and the milliseconds to wait for an answer (default 4,000) */
export function createBusClient({
  requestTimeout = busBounds.requestTimeout,
  ...config
}: EventBridgeClientConfig & { readonly requestTimeout?: number } = {}): EventBridgeClient {
  const bounds = { ...busBounds, requestTimeout }
  const requestHandler = { httpAgent: sockets, httpsAgent: sockets }
  return createClient(EventBridgeClient, bounds, { maxAttempts: 1, ...config, requestHandler })
}

/** A bus of the environment's region and account. */
export function createBus(busName: string, client = createBusClient()): Bus {
  return {
    async put(entries) {
      const command = new PutEventsCommand({
        Entries: entries.map(({ source, detailType, detail, time, resource }: BusEntry) => ({
          EventBusName: busName,
          Source: source,
          DetailType: detailType,
          Detail: detail.toString(),
          Time: time,
          ...(resource !== undefined && { Resources: [resource] }),
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

/** Undefined if the service did not answer. */
function failureOf(error: unknown): ServiceFailure | undefined {
  if (!(error instanceof EventBridgeServiceException)) return undefined
  const { httpStatusCode, requestId } = error.$metadata
  return { name: error.name, status: httpStatusCode, requestId }
}

function busMissing(busName: string, cause: unknown): EcosError {
  return new EcosError('bus-missing', `There is no bus ${busName}: deploy its cell`, { cause })
}
