import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { getEndpointFromInstructions } from '@smithy/core/endpoints'
import { Pool } from 'undici'
import type { Bus, BusEntry } from '../../bridge/publish/bus.ts'
import { busBounds, createBus, createBusClient } from './eventbridge.ts'
import { createSigner, type Sign } from './lean-eventbridge-signer.ts'
import {
  type AnsweredEntry,
  asResult,
  callFailed,
  type ServiceFailure,
} from './put-events-answer.ts'

/** Milliseconds of clock skew above which the client's clock is corrected, as in the SDK. */
const clockSkew = 300_000

/** The service's endpoint as the SDK resolves it. */
interface Route {
  readonly pool: Pool
  readonly path: string
  readonly sign: Sign
}

/** An HTTP status other than 200. */
class CallError extends Error implements ServiceFailure {
  readonly status: number

  constructor(name: string, message: string, status: number) {
    super(message)
    this.name = name
    this.status = status
  }
}

/**
 * A bus with a request path of its own for PutEvents, at about half of the SDK's CPU time. Credentials
 * and their renewal, region, endpoint and clock correction remain the SDK client's; the publisher
 * retries, as with the other bus.
 */
export function createLeanBus(busName: string, client: EventBridgeClient = createBusClient()): Bus {
  const { config } = client
  const writeEntry = entryWriter(busName)
  let route: Promise<Route> | undefined

  return {
    async put(entries) {
      try {
        const answer = await call(`{"Entries":[${entries.map(writeEntry).join()}]}`)
        const { Entries = [] } = JSON.parse(answer) as { Entries?: AnsweredEntry[] }
        return Entries.map(asResult)
      } catch (cause) {
        throw callFailed(busName, cause, cause instanceof CallError ? cause : undefined)
      }
    },
    check: createBus(busName, client).check,
  }

  async function call(text: string): Promise<string> {
    const { pool, path, sign } = await knownRoute()
    const body = Buffer.from(text)
    const at = new Date(Date.now() + config.systemClockOffset)
    const headers = sign(body, await config.credentials(), at)
    const signal = AbortSignal.timeout(busBounds.totalTimeout)
    const response = await pool.request({ method: 'POST', path, headers, body, signal })
    const answer = await response.body.text()
    if (response.statusCode === 200) return answer
    correctClock(String(response.headers['date']))
    throw asCallError(response.statusCode, response.headers['x-amzn-errortype'], answer)
  }

  /** Resolved again after a failure, which may pass. */
  function knownRoute(): Promise<Route> {
    route ??= findRoute(client).catch((error: unknown) => {
      route = undefined
      throw error
    })
    return route
  }

  function correctClock(serverDate: string): void {
    const offset = Date.parse(serverDate) - Date.now()
    if (Math.abs(offset - config.systemClockOffset) >= clockSkew) config.systemClockOffset = offset
  }
}

async function findRoute({ config }: EventBridgeClient): Promise<Route> {
  const { url } = await getEndpointFromInstructions({}, PutEventsCommand, { ...config })
  const path = url.pathname.replace(/\/?$/, '/')
  const target = 'AWSEvents.PutEvents'
  return {
    path,
    sign: createSigner({ region: await config.region(), host: url.host, path, target }),
    pool: new Pool(url.origin, {
      connect: { timeout: busBounds.connectionTimeout },
      headersTimeout: busBounds.requestTimeout,
      bodyTimeout: busBounds.requestTimeout,
    }),
  }
}

function entryWriter(busName: string): (entry: BusEntry) => string {
  const start = `{"EventBusName":${JSON.stringify(busName)},"Source":`
  return ({ source, detailType, detail, time, resource }) => {
    // PutEvents takes epoch seconds.
    const at = time ? `,"Time":${time.getTime() / 1000}` : ''
    const about = resource === undefined ? '' : `,"Resources":[${JSON.stringify(resource)}]`
    // Every field is escaped: a quote in one would start another, and another tenant's source with it.
    const [quotedSource, type, text] = [source, detailType, detail].map((field) =>
      JSON.stringify(field),
    )
    return `${start}${quotedSource},"DetailType":${type},"Detail":${text}${at}${about}}`
  }
}

/** In AWS JSON 1.1 the error's name is in a header, or in `__type` behind a namespace. */
function asCallError(status: number, header: unknown, answer: string): CallError {
  const { __type, message, Message } = parseFailure(answer)
  const type = typeof header === 'string' ? header : __type
  const name = type?.split(':')[0]?.split('#').at(-1) ?? `HTTP ${status}`
  return new CallError(name, message ?? Message ?? 'no message', status)
}

function parseFailure(answer: string): { __type?: string; message?: string; Message?: string } {
  try {
    return JSON.parse(answer) ?? {}
  } catch {
    return {}
  }
}
