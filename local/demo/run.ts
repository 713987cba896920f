import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { tapBus } from '../../lib/aws/cell/event-tap.ts'
import { EcosError } from '../../lib/errors.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import type { Cloud } from '../cloud.ts'
import type { Context } from '../context.ts'
import type { Deployment } from '../deploy.ts'
import { inStep } from '../progress.ts'
import type { Receivers } from '../receivers/start.ts'
import type { SampleMessage } from './events-file.ts'
import { createLedger, type Entry } from './ledger.ts'
import { publish } from './publish.ts'
import { type Report, reportOf } from './report.ts'
import { subscribeUsers } from './subscribe.ts'
import { watch } from './watch.ts'

export type DemoOptions = {
  cloud: Cloud
  deployment: Deployment
  amqpUrl: string
  tenants: readonly Tenant[]
  messages: readonly SampleMessage[]
  /** With receivers, some users are subscribed by every channel. */
  receivers?: Receivers
  onEnd(entry: Entry): void
}

/** Publishes the messages, watches until each has reached its end, and writes .local/report.json. */
export async function runDemo(options: DemoOptions, context: Context): Promise<Report> {
  const { cloud, deployment, amqpUrl, tenants, messages, receivers, onEnd } = options
  const { onProgress, signal, stateDir } = context
  await inStep(
    onProgress,
    'Subscribing the users',
    () => subscribeUsers(cloud, deployment['SubscriptionsTableName'] ?? '', messages, receivers),
    (count) =>
      `${count} users by e-mail${receivers ? ', the first of each tenant by every channel' : ''}`,
  )
  const tap = await tapBus(cloud, deployment['BusName'] ?? '', {
    owner: 'demo',
    retentionSeconds: 3600,
    // Without the results of notifications: there are several of them for each event.
    detailTypes: eventTypes,
  })
  try {
    // The bridge declares its queues: the broker drops messages that are published before.
    await inStep(onProgress, "Declaring the bridge's queues", () => drain(cloud, deployment))
    const ledger = createLedger(messages)
    const dropped = await inStep(
      onProgress,
      'Publishing',
      () => publish(amqpUrl, messages),
      () => `${messages.length} messages`,
    )
    for (const message of messages) {
      if (!isEnabled(message, tenants)) {
        ledger.notEnabled(message, `"${message.routingKey}" is not turned on for ${message.tenant}`)
      } else if (dropped.has(message)) {
        throw new EcosError(
          'not-bound',
          `No queue is bound for ${message.routingKey} of ${message.tenant}`,
        )
      }
    }
    // The schedule would do it within a minute.
    const drained = drain(cloud, deployment)
    await Promise.all([drained, watch({ cloud, deployment, tap, ledger, signal, onEnd })])
    const report = reportOf(ledger.entries)
    await writeFile(join(stateDir, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`)
    return report
  } finally {
    await tap.remove()
  }
}

function isEnabled({ tenant, routingKey }: SampleMessage, tenants: readonly Tenant[]): boolean {
  const events: readonly string[] = tenants.find(({ id }) => id === tenant)?.events ?? []
  return events.includes(routingKey)
}

/** Runs one drain, as the schedule does. */
export async function drain({ lambda }: Cloud, deployment: Deployment): Promise<void> {
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: deployment['BridgeDrainFunctionName'] }),
  )
  if (FunctionError === undefined) return
  const { errorMessage } = JSON.parse(Payload?.transformToString() ?? '{}')
  throw new EcosError('drain-failed', `The bridge failed: ${errorMessage}`)
}
