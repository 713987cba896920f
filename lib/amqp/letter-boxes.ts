import { createHash } from 'node:crypto'
import type { ChannelModel, ConfirmChannel, GetMessage, Options } from 'amqplib'
import type { BridgeQueue } from '../bridge/bridge-queue.ts'
import type { Origin } from '../bridge/origin.ts'
import { EcosError, messageOf } from '../errors.ts'
import { readLetter } from '../operations/dead-letter.ts'
import { type Death, deathOf } from '../operations/death.ts'
import type { LetterBox, TakenLetter } from '../operations/letter-box.ts'
import { propertiesBack, type Returnable, routingKeyBack } from '../operations/quarantined.ts'
import { createChannelPool } from './channel-pool.ts'
import { publishConfirmed } from './publish-confirmed.ts'
import { countOf } from './queue-counts.ts'

/** Repairs at the broker: its dead-letter queues, and the way back into the bridge's queues. */
export interface BrokerLetters {
  /** Resolves when the broker has confirmed the message in its queue. */
  sendTo(message: Returnable): Promise<void>
  /** The dead letters of the queue. Undefined if there is no such dead-letter queue. */
  box(queue: BridgeQueue): Promise<LetterBox | undefined>
}

export function brokerLetters(connection: ChannelModel): BrokerLetters {
  const onChannel = createChannelPool(connection)
  let channel: Promise<ConfirmChannel> | undefined
  const opened = () => {
    channel ??= openChannel(connection, () => {
      channel = undefined
    })
    return channel
  }
  const sendTo = async (message: Returnable) => {
    await publish(await opened(), message)
  }
  return {
    sendTo,
    async box(queue) {
      const { deadLetterQueue } = queue
      // Many queues are looked for, and then looked at: each is counted once for both.
      let counted = await countOf(onChannel, deadLetterQueue)
      if (counted === undefined) return undefined
      return {
        name: deadLetterQueue,
        kind: 'message',
        async depth() {
          const depth = counted ?? (await countOf(onChannel, deadLetterQueue)) ?? 0
          counted = undefined
          return depth
        },
        async *take(limit, signal) {
          const taking = await opened()
          const isTold = tellsOfDeaths(connection)
          for (let taken = 0; taken < limit && !signal?.aborted; taken += 1) {
            const message = await taking.get(deadLetterQueue)
            if (message === false) return
            yield takenOf(taking, queue, message, { sendTo, isTold })
          }
        },
      }
    },
  }
}

function takenOf(
  channel: ConfirmChannel,
  queue: BridgeQueue,
  message: GetMessage,
  { sendTo, isTold }: Pick<BrokerLetters, 'sendTo'> & { readonly isTold: boolean },
): TakenLetter {
  const { properties, content: body } = message
  const { messageId, headers } = properties
  const death = deathOf(headers)
  const told = believed(queue, isTold, death)
  const { tenant, entrance, ...origin } = queue.attribute(told ?? message.fields)
  const letter = readLetter('message', {
    queue: queue.deadLetterQueue,
    // ECOS gives its messages no id, and a delivery tag changes with each look.
    messageId: messageId ?? createHash('sha256').update(message.content).digest('hex'),
    sentAt: death?.at ?? new Date(0),
    body: body.toString(),
    ...(death?.reason !== undefined && { reason: death.reason }),
    ...(origin.exchange !== '' && { routingKey: origin.routingKey }),
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
    async sendBack() {
      if (entrance === undefined)
        throw told ? notAnyones(queue, told.exchange) : untold(queue, isTold)
      await sendTo({
        entrance,
        routingKey: routingKeyBack(origin),
        properties: { ...properties },
        body,
      })
    },
  }
}

/**
 * Whether no entry of the header `x-death` is a publisher's: RabbitMQ takes none since 4.0. RabbitMQ 3 adds one to
 * the count of an entry that the publisher wrote of the same queue and reason, and keeps its exchange.
 */
function tellsOfDeaths(connection: ChannelModel): boolean {
  return Number.parseInt(connection.connection.serverProperties.version, 10) >= 4
}

/**
 * Where a dead letter was published: the newest entry in `x-death` names the exchange through which it came to the queue.
 * In a pool the exchange decides whose the letter is. So an entry that counts more than this death is not believed there,
 * nor, on RabbitMQ 3, one of a death that a publisher can bring about: with a time to live, or by the message's size.
 */
function believed(queue: BridgeQueue, isTold: boolean, death?: Death): Origin | undefined {
  if (death?.queue !== queue.name) return undefined
  const isSure = death.count === 1 && (isTold || death.reason === 'delivery_limit')
  return queue.owner !== undefined || isSure ? death.origin : undefined
}

function notAnyones({ deadLetterQueue }: BridgeQueue, exchange: string): EcosError {
  return new EcosError(
    'unknown-tenant',
    `The message in ${deadLetterQueue} came through the exchange ${JSON.stringify(exchange)}, which is that of no ` +
      'tenant in TENANTS_FILE: add the tenant, or remove the message with `dlq purge`',
  )
}

function untold({ deadLetterQueue }: BridgeQueue, isTold: boolean): EcosError {
  const why = isTold
    ? 'has no header x-death of the broker'
    : 'may have a header x-death that its publisher wrote, which RabbitMQ 3 does not tell apart'
  return new EcosError(
    'unknown-tenant',
    `The message in ${deadLetterQueue} ${why}, so nobody knows whose it is: let ECOS send it again, and remove it ` +
      'with `dlq purge`',
  )
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
  { entrance, routingKey, properties, body }: Returnable,
): Promise<void> {
  let unroutable = false
  const onReturn = () => {
    unroutable = true
  }
  // Messages are sent back one at a time: a message returned meanwhile is this one.
  channel.once('return', onReturn)
  try {
    await publishConfirmed(channel, entrance, routingKey, body, {
      ...(propertiesBack(properties) as Options.Publish),
      mandatory: true,
      deliveryMode: 2,
    })
  } catch (cause) {
    throw notKept(entrance, messageOf(cause), cause)
  } finally {
    channel.off('return', onReturn)
  }
  if (unroutable) throw notKept(entrance, 'it leads to no queue')
}

function notKept(entrance: string, reason: string, cause?: unknown): EcosError {
  const message = `The exchange ${entrance} of the broker did not take a message: ${reason}`
  return new EcosError('not-kept', message, { cause, retryable: true })
}
