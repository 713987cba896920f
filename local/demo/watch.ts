import { setTimeout as sleep } from 'node:timers/promises'
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import type { QuarantineRecord } from '../../lib/bridge/quarantine.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import type { EventTap } from '../../lib/operations/cell-view.ts'
import { handlerName, pascal } from '../../lib/tenants/names.ts'
import type { Cloud } from '../cloud.ts'
import type { Deployment } from '../deploy.ts'
import type { Entry, Ledger } from './ledger.ts'
import { parseBody } from './parse-body.ts'
import { peek } from './peek.ts'

export type WatchOptions = {
  cloud: Cloud
  deployment: Deployment
  tap: EventTap
  ledger: Ledger
  signal: AbortSignal
  onEnd(entry: Entry): void
}

/** Milliseconds between two looks. */
const interval = 250

/**
 * Milliseconds of each look for the queries, one event after another; the next look goes on where it
 * stopped. Thousands of queries in each look would keep the local AWS from its work.
 */
const queryTime = 500

/** Milliseconds without a change after which `watch` gives up. */
const patience = 90_000

/** Watches until every published message has reached its end, or nothing changes any more. */
export async function watch(options: WatchOptions): Promise<void> {
  const { ledger, signal, onEnd } = options
  const told = new Set<Entry>()
  const turns = createTurns(ledger)
  let before = ''
  let lastNews = Date.now()
  while (!signal.aborted) {
    await look(options, turns)
    for (const entry of ledger.entries) {
      if (!entry.ended || told.has(entry)) continue
      told.add(entry)
      onEnd(entry)
    }
    if (told.size === ledger.entries.length) return
    const now = JSON.stringify(
      ledger.entries.map(({ outcome, notifications }) => [outcome, notifications]),
    )
    if (now !== before) lastNews = Date.now()
    if (Date.now() - lastNews > patience) return
    before = now
    await sleep(interval, undefined, { signal }).catch(() => undefined)
  }
}

async function look(options: WatchOptions, turns: Turns): Promise<void> {
  await lookAtBus(options)
  await lookAtQuarantine(options)
  await lookAtDeadLetters(options)
  await lookAtNotifications(options, turns)
}

async function lookAtBus({ tap, ledger }: WatchOptions): Promise<void> {
  for (const text of await tap.take()) {
    const { detail } = parseBody(text)
    ledger.bridged(detail.tenantid, detail.type, detail.id)
  }
}

async function lookAtQuarantine({ cloud, deployment, ledger }: WatchOptions): Promise<void> {
  for (const { Body = '' } of await peek(cloud.sqs, deployment['QuarantineQueueUrl'] ?? '')) {
    const record = JSON.parse(Body) as QuarantineRecord
    const { tenant, routingKey = '', reason, explanation } = record
    const body = await bodyOf(record, cloud, deployment)
    ledger.quarantined(tenant, routingKey, body, `${reason}: ${explanation}`)
  }
}

async function bodyOf({ body, bodyref }: QuarantineRecord, cloud: Cloud, deployment: Deployment) {
  if (bodyref === undefined) return Buffer.from(body ?? '', 'base64')
  const payloads = createPayloadStore(deployment['PayloadBucketName'] ?? '', cloud.s3)
  return Buffer.from(await payloads.load(bodyref))
}

async function lookAtDeadLetters({ cloud, deployment, ledger }: WatchOptions): Promise<void> {
  for (const type of eventTypes) {
    for (const letter of await peek(cloud.sqs, deployment[`${pascal(type)}DlqUrl`] ?? '')) {
      const { tenantid, id } = parseBody(letter.Body ?? '').detail
      if (!ledger.isOpen(tenantid, type, id)) continue
      const functionName = `${deployment['BusName']}-${handlerName(type)}`
      const { tries = 1, reason = 'see its log' } = await lastFailure(cloud, functionName, id)
      ledger.deadLettered(tenantid, type, id, `its handler failed ${tries} times: ${reason}`)
    }
  }
}

/** The function's last line about a failure of the event. */
async function lastFailure(
  cloud: Cloud,
  functionName: string,
  eventId: string,
): Promise<{ readonly tries?: number; readonly reason?: string }> {
  const { events = [] } = await cloud.logs.send(
    new FilterLogEventsCommand({
      logGroupName: `/aws/lambda/${functionName}`,
      filterPattern: '"failed"',
    }),
  )
  const failures = events
    .map(({ message = '' }) => (message.startsWith('{') ? JSON.parse(message) : {}))
    .filter((line) => line.eventId === eventId && line.outcome === 'failed')
  return failures.at(-1) ?? {}
}

type Turns = () => Generator<Entry>

/** Each call yields the events under way, once each, and starts where the call before was left. */
function createTurns({ entries }: Ledger): Turns {
  let next = 0
  return function* () {
    for (let count = 0; count < entries.length; count += 1) {
      const entry = entries[next] as Entry
      next = (next + 1) % entries.length
      if (entry.outcome === 'bridged' && !entry.ended) yield entry
    }
  }
}

async function lookAtNotifications(
  { cloud, deployment, ledger }: WatchOptions,
  turns: Turns,
): Promise<void> {
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  const end = Date.now() + queryTime
  for (const entry of turns()) {
    if (Date.now() > end) return
    const { tenant, type, eventId } = entry.message
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: deployment['NotificationsTableName'],
        KeyConditionExpression: '#event = :event',
        ExpressionAttributeNames: { '#event': 'event' },
        ExpressionAttributeValues: { ':event': `${tenant}#${type}#${eventId}` },
      }),
    )
    // The other items are the event's own: that it was handled, and why a try failed.
    const told = Items.filter(({ notificationId }) => notificationId !== undefined)
    const notifications = told.map((item) => ({
      notificationId: String(item['notificationId']),
      username: String(item['username']),
      channel: String(item['channel']),
      state: String(item['state']),
    }))
    const isHandled = Items.some(({ entry: sort }) => sort === 'event')
    ledger.notified(entry, notifications, isHandled)
  }
}
