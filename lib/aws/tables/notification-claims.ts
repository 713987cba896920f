import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import {
  type DeliveryRecord,
  deliveriesKept,
  type NotificationRecord,
  type NotificationStore,
} from '../../notifications/store.ts'
import { conditionHeld } from './conditional-write.ts'
import { notificationKey, retriedKey } from './notification-keys.ts'
import {
  type Change,
  type Condition,
  dueAfter,
  dueResult,
  finalBefore,
  notDue,
  notIn,
  stateValues,
  updateOf,
} from './notification-updates.ts'

/**
 * The claims of the notifications table: one lock for each notification, in its own item, so that a
 * delivery costs two writes, the claim and its outcome.
 */
export function claimsIn(
  table: string,
  client: DynamoDBDocumentClient,
  find: NotificationStore['find'],
): Pick<NotificationStore, 'claim' | 'settle' | 'reopen'> {
  const update = (...change: Change) => conditionHeld(client.send(updateOf(table, ...change)))

  return {
    async claim(record, claim, ifLost) {
      const meanwhile = ifLost && {
        ...stateValues(record, ifLost.state),
        reason: ifLost.reason,
        ...dueAfter(record, ifLost.state, new Date(claim.until)),
        ...withoutNextTry(record),
      }
      const values = { claim, notBefore: undefined, ...meanwhile }
      const claimed = { ...record, claim }
      if (await update(notificationKey(record), values, ...unchanged(record))) return claimed
      // The SDK repeats a request whose answer was lost: then the claim is there already.
      const found = await find(record)
      return found?.claim?.id === claim.id ? claimed : undefined
    },

    async settle(record, { state, reason, delivery, goesOn, notBefore, endedBy }) {
      const key = notificationKey(record)
      const ends = goesOn
        ? { ...notDue, notBefore }
        : { ...dueAfter(record, state), endedAt: new Date().toISOString(), endedBy }
      const deliveries = delivery && withDelivery(record, delivery)
      const isRetried = goesOn && state === 'WAIT_FOR_DISPATCH'
      const values = {
        ...stateValues(record, state),
        ...(isRetried && { stateKey: retriedKey(record.tenant) }),
        ...{ reason, claim: undefined, ...ends },
      }
      const conditions = [sameClaim(record), notIn(finalBefore(state))]
      if (await update(key, { ...values, ...deliveries }, ...conditions)) return state
      const found = await find(record)
      if (found === undefined || hasDelivery(found, delivery)) return found?.state
      if (found.claim?.id === record.claim?.id) {
        // It was cancelled, or sent by a sender that had lost its claim.
        const due = deliveries && found.state === 'CANCELLED' && dueResult(record)
        await update(key, { claim: undefined, ...deliveries, ...due }, sameClaim(record))
        return found.state
      }
      if (delivery) await append(found, delivery)
      if (state !== 'SENT') return found.state
      await update(key, { ...stateValues(record, state), reason: undefined, ...ends })
      return state
    },

    async reopen(record) {
      const { resend } = record
      const values = {
        ...stateValues(record, 'WAIT_FOR_DISPATCH'),
        resend: resend + 1,
        reason: undefined,
        due: undefined,
        dueAt: undefined,
        heldUntil: undefined,
        digestId: undefined,
        claim: undefined,
        notBefore: undefined,
        endedAt: undefined,
        endedBy: undefined,
        ...withoutNextTry(record),
      }
      const conditions = [...unchanged(record), noSender()]
      const isReopened = await update(notificationKey(record), values, ...conditions)
      return isReopened ? resend + 1 : undefined
    },
  }

  /** For a sender that has lost its claim, while others may record deliveries of theirs. */
  async function append(found: NotificationRecord, delivery: DeliveryRecord): Promise<void> {
    let now: NotificationRecord | undefined = found
    // The SDK repeats a request whose answer was lost: then the delivery is there already.
    while (now !== undefined && !hasDelivery(now, delivery)) {
      const seen = {
        text: '#attempts = :seenAttempts',
        names: { '#attempts': 'attempts' },
        values: { ':seenAttempts': now.attempts },
      }
      if (await update(notificationKey(now), withDelivery(now, delivery), seen)) return
      now = await find(now)
    }
  }
}

function withDelivery({ deliveries, attempts }: NotificationRecord, delivery: DeliveryRecord) {
  return {
    deliveries: [...deliveries, delivery].slice(-deliveriesKept),
    attempts: attempts + 1,
  }
}

/** The deliveries, if the last one still tells of a try that does not follow it any more. */
function withoutNextTry({ deliveries }: NotificationRecord) {
  const last = deliveries.at(-1)
  if (last?.nextAt === undefined) return {}
  const { nextAt: _, ...ended } = last
  return { deliveries: [...deliveries.slice(0, -1), ended] }
}

/** Whether the delivery was recorded by a request whose answer was lost. */
function hasDelivery({ deliveries }: NotificationRecord, delivery?: DeliveryRecord): boolean {
  const last = deliveries.at(-1)
  return delivery !== undefined && last?.at === delivery.at && last.outcome === delivery.outcome
}

/** Nobody has changed the notification since it was read. */
function unchanged(record: NotificationRecord): readonly Condition[] {
  const { state, attempts, resend } = record
  return [
    {
      text: '#state = :seenState AND #attempts = :seenAttempts AND #resend = :seenResend',
      names: { '#state': 'state', '#attempts': 'attempts', '#resend': 'resend' },
      values: { ':seenState': state, ':seenAttempts': attempts, ':seenResend': resend },
    },
    sameClaim(record),
  ]
}

function sameClaim({ claim }: NotificationRecord): Condition {
  const names = { '#claim': 'claim' }
  if (!claim) return { text: 'attribute_not_exists(#claim)', names }
  return {
    text: '#claim.#id = :seenClaim',
    names: { ...names, '#id': 'id' },
    values: { ':seenClaim': claim.id },
  }
}

function noSender(): Condition {
  return {
    text: '(attribute_not_exists(#claim) OR #claim.#until <= :now)',
    names: { '#claim': 'claim', '#until': 'until' },
    values: { ':now': new Date().toISOString() },
  }
}
