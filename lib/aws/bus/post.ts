import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'

export interface PostRequest {
  readonly origin: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Uint8Array
  /** Milliseconds for the whole call: to connect, to send, and to receive the whole answer. */
  readonly totalTimeout: number
}

export interface PostAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/**
 * Posts on one of the dispatcher's kept connections. Undici's `request` would make a stream of the answer
 * and a signal of the time-out, which cost more than all the rest of the call.
 *
 * @throws undici's error without a whole answer in time
 */
export function post(dispatcher: Dispatcher, request: PostRequest): Promise<PostAnswer> {
  const { origin, path, headers, body, totalTimeout } = request
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let status = 0
    let answered: IncomingHttpHeaders = {}
    let controller: Dispatcher.DispatchController | undefined
    let late: Error | undefined
    const timer = setTimeout(() => {
      late = new DOMException(`No answer within ${totalTimeout} ms`, 'TimeoutError')
      // Not started yet: it waits for a connection.
      if (controller === undefined) reject(late)
      else controller.abort(late)
    }, totalTimeout)

    dispatcher.dispatch(
      { method: 'POST', origin, path, headers, body },
      {
        onRequestStart(started) {
          controller = started
          if (late) started.abort(late)
        },
        onResponseStart(_, statusCode, responseHeaders) {
          status = statusCode
          answered = responseHeaders
        },
        onResponseData(_, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          clearTimeout(timer)
          resolve({ status, headers: answered, body: textOf(chunks) })
        },
        onResponseError(_, error) {
          clearTimeout(timer)
          reject(error)
        },
      },
    )
  })
}

function textOf(chunks: readonly Buffer[]): string {
  return (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString()
}
