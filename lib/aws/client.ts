import { httpsProxy } from './proxy.ts'

/** How long a call of an AWS client may take, in milliseconds. */
export interface CallBounds {
  /** Of each attempt: to connect. */
  readonly connectionTimeout?: number
  /** Of each attempt: from its start to the answer's headers; the socket may be idle no longer. */
  readonly requestTimeout?: number
  /** Of the whole call: every attempt, the waits between them, and the answer's body. */
  readonly totalTimeout?: number
}

/**
 * They fit the deadlines: a drain has 10 seconds from its last message to its end (docs/failures.md),
 * a queue-fed function 30 seconds in all.
 */
export const defaultBounds = {
  connectionTimeout: 2_000,
  requestTimeout: 5_000,
  totalTimeout: 8_000,
} as const satisfies CallBounds

/**
 * For a provider that accepts a message only after a while: giving up early would send it twice. They
 * end below the 30 seconds of a queue-fed function.
 */
export const slowBounds: CallBounds = { requestTimeout: 6_000, totalTimeout: 20_000 }

/** For a command of an operator, which has no deadline: a slow line or machine costs time, and not the command. */
const patientBounds = {
  connectionTimeout: 10_000,
  requestTimeout: 20_000,
  totalTimeout: 60_000,
} as const satisfies CallBounds

let ownBounds: Required<CallBounds> = defaultBounds

/** Gives calls without bounds of their own more time, of clients made from now on. */
export function waitLonger(): void {
  ownBounds = patientBounds
}

interface Sends {
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of every client
  send(...args: any[]): any
}

/**
 * Makes an AWS client whose calls all end. The SDK sets no time-out by default, its `requestTimeout`
 * only warns unless `throwOnRequestTimeout` is set and ends with the answer's headers, and none of its
 * settings spans the attempts. Nor does it know of proxies.
 *
 * Source: @smithy/node-http-handler, node-http-handler.ts
 *
 * @param bounds default: `defaultBounds`, or longer ones after `waitLonger`
 * @param config the client's own, with the options of the HTTP agents in `requestHandler`
 */
export function createClient<Client extends Sends>(
  Client: new (config: never) => Client,
  bounds: CallBounds = {},
  {
    requestHandler,
    ...config
  }: {
    readonly requestHandler?: { readonly httpsAgent?: object; readonly [option: string]: unknown }
    readonly [option: string]: unknown
  } = {},
): Client {
  const { connectionTimeout, requestTimeout, totalTimeout } = { ...ownBounds, ...bounds }
  const client = new Client({
    ...config,
    requestHandler: {
      connectionTimeout,
      requestTimeout,
      socketTimeout: requestTimeout,
      throwOnRequestTimeout: true,
      ...requestHandler,
      httpsAgent: { ...requestHandler?.httpsAgent, ...throughProxy() },
    },
  } as never)
  return boundCalls(client, totalTimeout)
}

/** Options of an `https.Agent`; Node.js knows them since 22.21 and 24.5. */
function throughProxy(): object {
  const proxy = httpsProxy()
  return proxy ? { proxyEnv: { HTTPS_PROXY: proxy.url, NO_PROXY: proxy.except } } : {}
}

/**
 * Ends every call of the client after so many milliseconds, unless it has a signal of its own.
 *
 * @param totalTimeout default: that of a client without bounds of its own
 */
export function boundCalls<Client extends Sends>(
  client: Client,
  totalTimeout = ownBounds.totalTimeout,
): Client {
  const send = client.send.bind(client)
  return Object.assign(client, {
    send: (command: unknown, options?: object) =>
      send(command, { abortSignal: AbortSignal.timeout(totalTimeout), ...options }),
  })
}
