import { createHash } from 'node:crypto'
import type { ChannelModel, ConfirmChannel, GetMessage, Options } from 'amqplib'
import { type Origin, originOf } from '../bridge/origin.ts'
import { EcosError, messageOf } from '../errors.ts'
import { readLetter } from '../operations/dead-letter.ts'
import { deathOf } from '../operations/death.ts'
import type { LetterBox, TakenLetter } from '../operations/letter-box.ts'
import { type Returnable, sendable } from '../operations/quarantined.ts'
import { publishConfirmed } from './publish-confirmed.ts'
import { countOf } from './queue-counts.ts'

/** Repairs at the broker: its dead-letter queues, and the way back into the bridge's queues. */
export interface BrokerLetters {
  /** Resolves when the broker has confirmed the message in its queue. */
  sendTo(message: Returnable): Promise<void>
  /** The dead letters of the tenant's queue. Undefined if there is no such dead-letter queue. */
  box(tenant: string, deadLetterQueue: string, queue: string): Promise<LetterBox | undefined>
}

export function brokerLetters(connection: ChannelModel): BrokerLetters {
  let channel: Promise<ConfirmChannel> | undefined
  const opened = () => {
    channel ??= openChannel(connection, () => {
      channel = undefined
    })
    return channel
  }
  const sendTo = async (message: Returnable) => {
    const { queue, properties, body } = sendable(message)
    await publish(await opened(), queue, Buffer.from(body), properties as Options.Publish)
  }
  return {
    sendTo,
    async box(tenant, deadLetterQueue, queue) {
      if ((await countOf(connection, deadLetterQueue)) === undefined) return undefined
      return {
        name: deadLetterQueue,
        kind: 'message',
        depth: async () => (await countOf(connection, deadLetterQueue)) ?? 0,
        async *take(limit, signal) {
          const taking = await opened()
          for (let taken = 0; taken < limit && !signal?.aborted; taken += 1) {
            const message = await taking.get(deadLetterQueue)
            if (message === false) return
            const { properties, content: body } = message
            const origin = originOfDead(message)
            const sendBack = () =>
              sendTo({ queue, properties: { ...properties }, body, ...(origin && { origin }) })
            yield takenOf(taking, tenant, deadLetterQueue, message, sendBack)
          }
        },
      }
    },
  }
}

function takenOf(
  channel: ConfirmChannel,
  tenant: string,
  queue: string,
  message: GetMessage,
  sendBack: () => Promise<void>,
): TakenLetter {
  const { messageId, headers } = message.properties
  const death = deathOf(headers)
  const origin = originOfDead(message)
  const letter = readLetter('message', {
    queue,
    // ECOS gives its messages no id, and a delivery tag changes with each look.
    messageId: messageId ?? createHash('sha256').update(message.content).digest('hex'),
    sentAt: death?.at ?? new Date(0),
    body: message.content.toString(),
    ...(death && { reason: death.reason }),
    ...(origin && { routingKey: origin.routingKey }),
    attributes: {},
  })
  return {
    ...letter,
    tenant,
    async release() {
      channel.nack(message, false, true)
    },
    async remove() {
      channel.ack(message)
    },
    sendBack,
  }
}

/** @returns undefined if the message never passed a named exchange */
function originOfDead({ properties: { headers }, fields }: GetMessage): Origin | undefined {
  const origin = originOf(deathOf(headers)?.origin ?? fields, headers)
  return origin.exchange === '' ? undefined : origin
}

/** @param onEnd called when the broker has closed the channel on which it refused a call */
async function openChannel(connection: ChannelModel, onEnd: () => void): Promise<ConfirmChannel> {
  const channel = await connection.createConfirmChannel()
  // The refused call itself rejects.
  channel.on('error', onEnd)
  return channel
}

async function publish(
  channel: ConfirmChannel,
  queue: string,
  body: Buffer,
  properties: Options.Publish,
): Promise<void> {
  let unroutable = false
  const onReturn = () => {
    unroutable = true
  }
  // Messages are sent back one at a time: a message returned meanwhile is this one.
  channel.once('return', onReturn)
  try {
    await publishConfirmed(channel, '', queue, body, {
      ...properties,
      mandatory: true,
      deliveryMode: 2,
    })
  } catch (cause) {
    throw notKept(queue, messageOf(cause), cause)
  } finally {
    channel.off('return', onReturn)
  }
  if (unroutable) throw notKept(queue, 'there is no such queue')
}

function notKept(queue: string, reason: string, cause?: unknown): EcosError {
  const message = `The queue ${queue} of the broker did not take a message: ${reason}`
  return new EcosError('not-kept', message, { cause, retryable: true })
}
