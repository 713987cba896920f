import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import type { QuarantineRecord } from '../../lib/bridge/quarantine.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import type { EventTap } from '../../lib/operations/cell-view.ts'
import { pascal } from '../../lib/tenants/names.ts'
import type { Cloud } from '../cloud.ts'
import type { Deployment } from '../deploy.ts'
import type { SampleMessage } from './events-file.ts'
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

/**
 * Milliseconds without a change after which `watch` gives up, if it has asked for every event since: a round
 * of thousands takes longer.
 */
const patience = 180_000

/** Watches until every published message has reached its end, or nothing changes any more. */
export async function watch(options: WatchOptions): Promise<void> {
  const { ledger, signal, onEnd } = options
  const told = new Set<Entry>()
  const turns = createTurns(ledger)
  let before = ledger.changes()
  let lastNews = { at: Date.now(), round: 0 }
  while (!signal.aborted) {
    await look(options, turns)
    for (const entry of ledger.entries) {
      if (!entry.ended || told.has(entry)) continue
      told.add(entry)
      onEnd(entry)
    }
    if (told.size === ledger.entries.length) return
    const now = ledger.changes()
    if (now !== before) lastNews = { at: Date.now(), round: turns.rounds() }
    const isComplete = turns.rounds() > lastNews.round + 1
    if (isComplete && Date.now() - lastNews.at > patience) return
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
  const openTypes = ledger.openTypes()
  for (const type of eventTypes.filter((type) => openTypes.has(type))) {
    for (const letter of await peek(cloud.sqs, deployment[`${pascal(type)}DlqUrl`] ?? '')) {
      const { tenantid, id } = parseBody(letter.Body ?? '').detail
      if (!ledger.isOpen(tenantid, type, id)) continue
      const items = await itemsOf({ tenant: tenantid, type, eventId: id }, cloud, deployment)
      // It is stored before the event is dead-lettered, and logged after that.
      const failure = items.find(({ entry }) => entry === 'failure')
      const { tries = 1, reason = 'see its log' } = failure ?? {}
      ledger.deadLettered(tenantid, type, id, `its handler failed ${tries} times: ${reason}`)
    }
  }
}

/** What is on record of the event: that it was handled, why a try failed, its notifications. */
async function itemsOf(
  { tenant, type, eventId }: Pick<SampleMessage, 'tenant' | 'type' | 'eventId'>,
  cloud: Cloud,
  deployment: Deployment,
): Promise<Record<string, unknown>[]> {
  const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: deployment['NotificationsTableName'],
      KeyConditionExpression: '#event = :event',
      ProjectionExpression:
        '#event, entry, tries, #reason, notificationId, username, channel, #state',
      ExpressionAttributeNames: { '#event': 'event', '#reason': 'reason', '#state': 'state' },
      ExpressionAttributeValues: { ':event': `${tenant}#${type}#${eventId}` },
    }),
  )
  return Items
}

interface Turns {
  /** Yields the events under way, once each, and starts where the call before was left. */
  take(): Generator<Entry>
  /** How often all events have had their turn. */
  rounds(): number
}

function createTurns({ entries }: Ledger): Turns {
  let next = 0
  let rounds = 0
  return {
    *take() {
      for (let count = 0; count < entries.length; count += 1) {
        const entry = entries[next] as Entry
        next = (next + 1) % entries.length
        if (next === 0) rounds += 1
        if (entry.outcome === 'bridged' && !entry.ended) yield entry
      }
    },
    rounds: () => rounds,
  }
}

async function lookAtNotifications(
  { cloud, deployment, ledger }: WatchOptions,
  turns: Turns,
): Promise<void> {
  const end = Date.now() + queryTime
  for (const entry of turns.take()) {
    if (Date.now() > end) return
    const items = await itemsOf(entry.message, cloud, deployment)
    const told = items.filter(({ notificationId }) => notificationId !== undefined)
    const notifications = told.map((item) => ({
      notificationId: String(item['notificationId']),
      username: String(item['username']),
      channel: String(item['channel']),
      state: String(item['state']),
    }))
    const isHandled = items.some(({ entry: sort }) => sort === 'event')
    ledger.notified(entry, notifications, isHandled)
  }
}
