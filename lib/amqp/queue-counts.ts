import type { ChannelModel } from 'amqplib'
import { open } from './connection.ts'
import { ifThere } from './reply-code.ts'

/** Counts messages in queues, over one connection that is reopened when it is lost. */
export interface QueueCounter {
  /** The number of ready messages; undefined if the queue does not exist. */
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

/** The number of ready messages; undefined if the queue does not exist. */
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
