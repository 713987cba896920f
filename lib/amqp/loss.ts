import type { ChannelModel } from 'amqplib'
import { EcosError, messageOf } from '../errors.ts'

/** Whether a connection, or a channel that cannot be replaced, still works. */
export interface Loss {
  /** Aborted with an EcosError `broker-lost` when the connection ends before it was to. */
  readonly lost: AbortSignal
  /** Reports the loss of something that the connection is of no use without. */
  lose(cause?: unknown): void
  /** From now on the end of the connection is intended. */
  expectClose(): void
}

/** @param advice what to do about it, for the error */
export function watchLoss(connection: ChannelModel, advice = ''): Loss {
  const lost = new AbortController()
  let closing = false
  const lose = (cause?: unknown) => {
    if (closing || lost.signal.aborted) return
    lost.abort(brokerLost(cause, advice))
  }
  connection.on('error', lose)
  connection.on('close', lose)
  return {
    lost: lost.signal,
    lose,
    expectClose() {
      closing = true
    },
  }
}

function brokerLost(cause: unknown, advice: string): EcosError {
  const because = cause === undefined ? '' : `: ${messageOf(cause)}`
  return new EcosError('broker-lost', `The connection to RabbitMQ was lost${because}${advice}`, {
    cause,
    retryable: true,
  })
}
