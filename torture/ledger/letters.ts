import type { SQSClient } from '@aws-sdk/client-sqs'
import { connect } from 'amqplib'
import { markIn, markInBody } from '../plan/marks.ts'
import type { RigBroker } from '../world/broker.ts'
import { takeAll } from './queues.ts'

/** A message that was set aside: in the quarantine, or in a dead-letter queue. */
export interface Letter {
  readonly mark: string
  /** `quarantine`, the name of an SQS queue, or of the broker's. */
  readonly queue: string
  /** The quarantine's reason, or the code of the error. */
  readonly reason: string
  /** In the quarantine. */
  readonly tenant?: string
  readonly receives?: number
}

export async function quarantined(sqs: SQSClient, url: string): Promise<Letter[]> {
  const messages = await takeAll(sqs, url)
  return messages.map(({ Body = '{}' }) => {
    const { tenant, reason, body = '' } = JSON.parse(Body)
    const mark = markInBody(Buffer.from(body, 'base64'))
    return { mark, queue: 'quarantine', reason, tenant }
  })
}

export async function deadLetters(sqs: SQSClient, url: string): Promise<Letter[]> {
  const messages = await takeAll(sqs, url)
  return messages.map(({ Body = '', MessageAttributes, Attributes }) => ({
    mark: markIn(Body),
    queue: url.split('/').at(-1) ?? '',
    reason: MessageAttributes?.['ECOS_ERROR_CODE']?.StringValue ?? 'no reason',
    receives: Number(Attributes?.ApproximateReceiveCount ?? 0),
  }))
}

/** What is in the broker's dead-letter queues. */
export async function brokerLetters(broker: RigBroker): Promise<Letter[]> {
  const depths = await queueDepths(broker)
  const letters: Letter[] = []
  const connection = await connect(broker.amqpUrl)
  try {
    const channel = await connection.createChannel()
    for (const [queue, depth] of depths) {
      for (let count = 0; queue.endsWith('.dead-letter') && count < depth; count += 1) {
        const message = await channel.get(queue)
        if (message === false) break
        const death = message.properties.headers?.['x-death']?.[0]
        letters.push({
          ...{ mark: markInBody(message.content), queue },
          reason: String(death?.reason ?? 'no reason'),
        })
      }
    }
  } finally {
    await connection.close()
  }
  return letters
}

/** The broker's queues with their messages, ready or not. */
export async function queueDepths(broker: RigBroker): Promise<Map<string, number>> {
  const text = await broker.control(
    'list_queues',
    '--quiet',
    '--no-table-headers',
    'name',
    'messages',
  )
  const lines = text.split('\n').map((line) => line.split('\t'))
  return new Map(
    lines
      .filter(({ length }) => length === 2)
      .map(([name, count]) => [String(name), Number(count)]),
  )
}
