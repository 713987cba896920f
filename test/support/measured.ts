import { Logger } from '@aws-lambda-powertools/logger'
import type { Context, SQSEvent } from 'aws-lambda'
import { createBridgeMetrics } from '../../lib/bridge/metrics.ts'
import type { Bus } from '../../lib/bridge/publish/bus.ts'
import type { ChannelName } from '../../lib/channels/channel.ts'
import type { ErrorCode } from '../../lib/error-codes.ts'
import { EcosError } from '../../lib/errors.ts'
import type { EventType } from '../../lib/events/catalogue.ts'
import { createMetricFields, createMetrics } from '../../lib/metrics/write-metrics.ts'
import { handlerMetricsOf, senderMetricsOf } from '../../lib/notifications/metrics.ts'
import type { SettledMetrics } from '../../lib/queue-function/ports.ts'
import { queueFunction } from '../../lib/queue-function/queue-function.ts'
import { doublingRetry } from '../../lib/queue-function/retry-wait.ts'
import { silentLog } from './memory.ts'

/** An outcome of a try, or the code of the error that it ends with. */
export type Ending = { readonly outcome: string } | { readonly code: string }

/** Has a handler's function bring each message to its end. */
export function handle(type: EventType, endings: readonly Ending[], tries = 1): Promise<unknown> {
  return settleAll(handlerMetricsOf(createMetricFields({ cell: 'main', type })), endings, tries)
}

/** Has a sender's function bring each message to its end. */
export function send(
  channel: ChannelName,
  endings: readonly Ending[],
  tries = 1,
): Promise<unknown> {
  return settleAll(senderMetricsOf(createMetricFields({ cell: 'main', channel })), endings, tries)
}

/** Has a bridge carry something of everything over a bus that fails in every way. */
export async function bridge(): Promise<void> {
  const metrics = createBridgeMetrics(createMetrics({ cell: 'main' }), silentLog)
  const bus = metrics.watch(failingBus())
  for (let call = 0; call < 5; call += 1) await bus.put([]).catch(() => undefined)
  metrics.onDepths({
    waiting: new Map(Object.entries({ acme: 3, other: 4 })),
    deadLettered: new Map([['acme', 2]]),
  })
  for (const fate of ['bridged', 'quarantined', 'unasked', 'returned', 'dead-lettered'] as const) {
    metrics.onFate('acme', fate)
  }
  metrics.onFate('other', 'bridged')
  metrics.onFate('other', 'bridged')
  metrics.onRefused('acme')
  metrics.onBlocked('low on memory')
  metrics.write({ drains: 1, milliseconds: 1200 })
}

/** Throttles a call, throttles one of two entries, fails, refuses, and then takes everything. */
function failingBus(): Bus {
  const throttling = Object.assign(new Error('slow down'), { name: 'ThrottlingException' })
  const calls = [
    () => Promise.reject(new EcosError('bus-unavailable', 'down', { cause: throttling })),
    async () => [
      { status: 'accepted' } as const,
      { status: 'failed', code: 'ThrottlingException' } as const,
    ],
    () => Promise.reject(new EcosError('bus-unavailable', 'down')),
    () => Promise.reject(new EcosError('call-refused', 'the content')),
  ]
  return {
    put: () => calls.shift()?.() ?? Promise.resolve([]),
    check: () => Promise.resolve(),
  }
}

function settleAll(
  metricsOf: SettledMetrics,
  endings: readonly Ending[],
  tries: number,
): Promise<unknown> {
  const invoke = queueFunction(
    {
      parse: (body) => ({
        tenant: 'acme',
        eventType: 'task.create',
        eventId: 'e1',
        ...JSON.parse(body),
      }),
      async handle(message) {
        if ('code' in message) throw new EcosError(message.code as ErrorCode, 'It failed')
        return String(message.outcome)
      },
    },
    {
      log: new Logger({ logLevel: 'SILENT' }),
      retry: doublingRetry(5, 1),
      postpone: () => Promise.resolve(),
      metricsOf,
    },
  )
  const Records = endings.map((ending, index) => ({
    messageId: `m${index}`,
    receiptHandle: `r${index}`,
    body: JSON.stringify(ending),
    attributes: { ApproximateReceiveCount: String(tries), SentTimestamp: String(Date.now()) },
  }))
  return invoke(
    { Records } as unknown as SQSEvent,
    { functionName: 'f', getRemainingTimeInMillis: () => 30_000 } as Context,
  )
}
