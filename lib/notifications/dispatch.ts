import { type ChannelName, channelNames } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { type ForgetPorts, forgetReminder } from './forget-reminder.ts'
import { isolate, isolateWrite } from './isolate.ts'
import type { KeptNotifications } from './kept.ts'
import type { Notification, QueuedNotification } from './notification.ts'
import { queueBody } from './queue-body.ts'
import {
  hasFailedPlanning,
  type InitialState,
  type NotificationRecord,
  type NotificationStore,
} from './store.ts'

export interface QueueMessage {
  readonly body: string
  /** MessageGroupId: a queue is fair between its groups. */
  readonly group: string
  /** How long SQS hides it at first, up to 900; none by default. */
  readonly delaySeconds?: number
}

export interface DispatchPorts extends ForgetPorts {
  readonly notifications: Pick<NotificationStore, 'add' | 'addAll' | 'change'>
  readonly kept: Pick<KeptNotifications, 'forget' | 'keep'>
  /** Resolves when every message is in the channel's queue. */
  enqueue(channel: ChannelName, messages: readonly QueueMessage[]): Promise<void>
  /** Called for a notification that could not even be stored, for its own fault. */
  onLost(notification: Notification, reason: string): void
}

/** A notification with its initial state. */
export interface Plan {
  readonly notification: Notification
  readonly initial: InitialState
  /** Renders its content; undefined for one that can't be planned. */
  readonly queued?: () => QueuedNotification
}

/** A stored notification; its content is missing if it could not be rendered or is not needed. */
interface Stored {
  readonly record: NotificationRecord
  readonly queued?: QueuedNotification
}

/**
 * Stores the notifications, then queues those that wait and are not held. One that fails for its own fault
 * is ERROR, with the reason, and costs no other.
 */
export async function dispatch(plans: readonly Plan[], ports: DispatchPorts): Promise<void> {
  const stored = await storeAll(plans, ports)
  // A reminder that an earlier try stored may be over: its content was kept again.
  await Promise.all(stored.map(({ record }) => forgetReminder(record, record.state, ports)))
  // A notification stored by an earlier try may never have been queued. Queueing it twice does no harm:
  // the sender drops what is sent. Its record decides, since this try's plan may differ.
  const ready = stored.filter(({ record: { state, heldUntil, digestId } }) => {
    return state === 'WAIT_FOR_DISPATCH' && heldUntil === undefined && digestId === undefined
  })
  const encoded = (await Promise.all(ready.map((one) => encode(one, ports)))).flat()
  await Promise.all(
    channelNames.map((channel) => {
      const messages = encoded.filter(({ record }) => record.channel === channel)
      return enqueueAll(channel, messages, ports)
    }),
  )
}

/** Up to so many are stored one by one: a call for all would save nothing. */
const few = 3

/** Stores them together; those that are known already or not accepted then one by one. */
async function storeAll(plans: readonly Plan[], ports: DispatchPorts): Promise<Stored[]> {
  const prepared = await Promise.all(plans.map((plan) => prepare(plan, ports)))
  const added = prepared.length > few ? await ports.notifications.addAll(prepared) : []
  const stored = prepared.map(async (one, index): Promise<Stored[]> => {
    const record = added[index]
    if (record === undefined) return store(one, ports)
    return [{ record, ...(one.queued && { queued: one.queued }) }]
  })
  return (await Promise.all(stored)).flat()
}

async function store(
  { notification, initial, queued }: Prepared,
  ports: DispatchPorts,
): Promise<Stored[]> {
  return isolateWrite<Stored[]>(
    async () => {
      const record = await ports.notifications.add(notification, initial)
      if (isMended(record, initial)) {
        await ports.notifications.change(record, initial)
        return [{ record: { ...record, ...initial }, ...(queued && { queued }) }]
      }
      return [{ record, ...(queued && { queued }) }]
    },
    (reason) => {
      ports.onLost(notification, reason)
      return []
    },
  )
}

/** An earlier try of the event failed at this notification, which was never sent; this one does not, or for another reason. */
function isMended(record: NotificationRecord, initial: InitialState): boolean {
  const isOther = initial.state !== 'ERROR' || initial.reason !== record.reason
  return hasFailedPlanning(record) && isOther
}

type Prepared = Pick<Plan, 'notification' | 'initial'> & Pick<Stored, 'queued'>

/** Keeps a notification that is not queued now before storing it, so that every record can be sent. */
async function prepare(plan: Plan, { kept }: DispatchPorts): Promise<Prepared> {
  const { notification, initial, queued: render } = plan
  if (!render || initial.state === 'CANCELLED') return { notification, initial }
  const failed = (reason: string): Prepared => {
    return { notification, initial: { state: 'ERROR', reason } }
  }
  const prepared = isolate((): Prepared => ({ notification, initial, queued: render() }), failed)
  const { queued } = prepared
  if (!queued || (initial.state !== 'BLOCKED' && initial.heldUntil === undefined)) return prepared
  return isolateWrite(() => kept.keep(queued).then(() => prepared), failed)
}

interface Encoded {
  readonly record: NotificationRecord
  readonly message: QueueMessage
}

/** An earlier try stored a notification that this one can't render: it fails now. */
function encode({ record, queued }: Stored, ports: DispatchPorts): Promise<Encoded[]> {
  return isolateWrite<Encoded[]>(
    async () => {
      if (!queued) throw new EcosError('template-failed', 'It can not be rendered any more')
      const body = await queueBody(queued, ports.kept)
      return [{ record, message: { body, group: record.tenant } }]
    },
    async (reason) => {
      await ports.notifications.change(record, { state: 'ERROR', reason })
      return []
    },
  )
}

/** If the queue refuses a message of the batch, each is sent alone, and the refused one fails. */
async function enqueueAll(
  channel: ChannelName,
  encoded: readonly Encoded[],
  ports: DispatchPorts,
): Promise<void> {
  if (encoded.length === 0) return
  await isolateWrite(
    () =>
      ports.enqueue(
        channel,
        encoded.map(({ message }) => message),
      ),
    async (reason) => {
      const [only] = encoded
      if (only && encoded.length === 1) {
        await ports.notifications.change(only.record, { state: 'ERROR', reason })
      } else {
        for (const one of encoded) await enqueueAll(channel, [one], ports)
      }
    },
  )
}
