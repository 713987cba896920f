import type { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici'
import type { Bus } from '../../bridge/publish/bus.ts'
import { httpsProxy } from '../proxy.ts'
import { endpointOf } from './endpoint.ts'
import { busBounds, createBus, createBusClient } from './eventbridge.ts'
import { createSigner, type Sign } from './lean-eventbridge-signer.ts'
import { type PostAnswer, post } from './post.ts'
import {
  type AnsweredEntry,
  asResult,
  callFailed,
  type ServiceFailure,
} from './put-events-answer.ts'
import { createBodyWriter } from './put-events-body.ts'

/** Milliseconds of clock skew above which the client's clock is corrected, as in the SDK. */
const clockSkew = 300_000

/** How the service is reached. */
interface Route {
  readonly dispatcher: Dispatcher
  readonly origin: string
  readonly path: string
  readonly sign: Sign
}

/** An HTTP status other than 200. */
class CallError extends Error implements ServiceFailure {
  readonly status: number
  readonly requestId: string | undefined

  /** In AWS JSON 1.1 the error's name is in a header, or in `__type` behind a namespace. */
  constructor({ status, headers, body }: PostAnswer) {
    const { __type, message, Message } = parseFailure(body)
    super(message ?? Message ?? 'no message')
    const type = textOf(headers['x-amzn-errortype']) ?? __type
    this.name = type?.split(':')[0]?.split('#').at(-1) ?? `HTTP ${status}`
    this.status = status
    this.requestId = textOf(headers['x-amzn-requestid'])
  }
}

/**
 * A bus with a request path of its own for PutEvents, at about half of the SDK's CPU time. Credentials
 * and their renewal, region, endpoint and clock correction remain the SDK client's; the publisher
 * retries, as with the other bus.
 *
 * @param requestTimeout milliseconds to wait for the answer to begin, and for each part of it
 */
export function createLeanBus(
  busName: string,
  client: EventBridgeClient = createBusClient(),
  requestTimeout: number = busBounds.requestTimeout,
): Bus {
  const { config } = client
  const writeBody = createBodyWriter(busName)
  let route: Promise<Route> | undefined

  return {
    async put(entries) {
      try {
        const answer = await call(writeBody(entries))
        const { Entries = [] } = JSON.parse(answer) as { Entries?: AnsweredEntry[] }
        return Entries.map(asResult)
      } catch (cause) {
        throw callFailed(busName, cause, cause instanceof CallError ? cause : undefined)
      }
    },
    check: createBus(busName, client).check,
  }

  async function call(body: Buffer): Promise<string> {
    const { dispatcher, origin, path, sign } = await knownRoute()
    const at = new Date(Date.now() + config.systemClockOffset)
    const headers = sign(body, await config.credentials(), at)
    const { totalTimeout } = busBounds
    const answer = await post(dispatcher, { origin, path, headers, body, totalTimeout })
    if (answer.status === 200) return answer.body
    correctClock(String(answer.headers['date']))
    throw new CallError(answer)
  }

  /** Resolved again after a failure, which may pass. */
  function knownRoute(): Promise<Route> {
    route ??= findRoute(client, requestTimeout).catch((error: unknown) => {
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

async function findRoute(client: EventBridgeClient, requestTimeout: number): Promise<Route> {
  const url = await endpointOf(client)
  const region = await client.config.region()
  const path = url.pathname.replace(/\/?$/, '/')
  return {
    dispatcher: openDispatcher(url, requestTimeout),
    origin: url.origin,
    path,
    sign: createSigner({ region, host: url.host, path, target: 'AWSEvents.PutEvents' }),
  }
}

function openDispatcher({ origin, protocol }: URL, requestTimeout: number): Dispatcher {
  const bounds = { headersTimeout: requestTimeout, bodyTimeout: requestTimeout }
  const timeout = busBounds.connectionTimeout
  const proxy = protocol === 'https:' ? httpsProxy() : undefined
  return proxy
    ? new EnvHttpProxyAgent({
        ...bounds,
        httpProxy: '',
        httpsProxy: proxy.url,
        noProxy: proxy.except,
        connect: { timeout },
        proxyTls: { timeout },
        requestTls: { timeout },
      })
    : new Pool(origin, { ...bounds, connect: { timeout } })
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

function parseFailure(answer: string): { __type?: string; message?: string; Message?: string } {
  try {
    return JSON.parse(answer) ?? {}
  } catch {
    return {}
  }
}
