import type { Context } from 'hono'
import { stream, streamSSE } from 'hono/streaming'
import { messageOf } from '../../lib/errors.ts'
import type { Live, Seen } from './live.ts'
import type { Redriven } from './redrive.ts'

/** Streams every look as a server-sent event. */
export function watching(context: Context, live: Live): Response {
  return streamSSE(context, async (events) => {
    const gone = Promise.withResolvers<void>()
    const unwatch = live.watch((seen: Seen) => {
      events.writeSSE({ event: 'seen', data: JSON.stringify(seen) }).catch(gone.reject)
    })
    events.onAbort(gone.resolve)
    await gone.promise.catch(() => undefined)
    unwatch()
  })
}

/** A line of a redrive's answer. */
export interface RedriveLine {
  readonly queues?: readonly Redriven[]
  readonly done?: true
  readonly problem?: string
}

/**
 * Streams progress, one JSON document per line. The last has `done`, and a problem that concerns no
 * single queue. A client that disconnects ends the work between two letters.
 */
export function redriveLines(
  context: Context,
  work: (signal: AbortSignal, write: (queues: readonly Redriven[]) => void) => Promise<void>,
): Response {
  context.header('content-type', 'application/x-ndjson')
  return stream(context, async (lines) => {
    const leaving = new AbortController()
    lines.onAbort(() => leaving.abort())
    const write = (line: RedriveLine) => void lines.write(`${JSON.stringify(line)}\n`)
    const problem = await work(leaving.signal, (queues) => write({ queues })).then(
      () => undefined,
      messageOf,
    )
    write({ done: true, ...(problem !== undefined && { problem }) })
  })
}
