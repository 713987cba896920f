import type { ChannelModel } from 'amqplib'
import { open } from './connection.ts'
import { ifThere } from './reply-code.ts'

/** Counts messages in queues, over one connection that is opened again when it is lost. */
export interface QueueCounter {
  /** Messages that are ready. Undefined where there is no such queue. */
  count(queue: string): Promise<number | undefined>
  close(): Promise<void>
}

/** @param ca as `open` takes it */
export function createQueueCounter(url: string, ca?: string): QueueCounter {
  let connection: Promise<ChannelModel> | undefined
  const forget = () => {
    connection = undefined
  }
  const opened = () => {
    connection ??= open(url, ca).then((model) => model.once('close', forget).on('error', forget))
    connection.catch(forget)
    return connection
  }
  return {
    async count(queue) {
      return countOf(await opened(), queue)
    },
    async close() {
      await (await connection?.catch(() => undefined))?.close().catch(() => undefined)
    },
  }
}

/** Messages that are ready in a queue; undefined where there is none, and the channel is lost by asking. */
export async function countOf(
  connection: ChannelModel,
  queue: string,
): Promise<number | undefined> {
  const channel = await connection.createChannel()
  channel.on('error', () => undefined)
  const found = await ifThere(channel.checkQueue(queue))
  if (found !== undefined) await channel.close()
  return found?.messageCount
}
