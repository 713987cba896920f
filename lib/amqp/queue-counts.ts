import type { ChannelModel } from 'amqplib'
import { type ChannelPool, createChannelPool } from './channel-pool.ts'
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
  let counting: Promise<Counting> | undefined
  const forget = () => {
    counting = undefined
  }
  const opened = () => {
    counting ??= open(url, ca).then((connection) => {
      connection.once('close', forget).on('error', forget)
      return { connection, onChannel: createChannelPool(connection) }
    })
    counting.catch(forget)
    return counting
  }
  return {
    async count(queue) {
      return countOf((await opened()).onChannel, queue)
    },
    async close() {
      const last = await counting?.catch(() => undefined)
      await last?.connection.close().catch(() => undefined)
    },
  }
}

interface Counting {
  readonly connection: ChannelModel
  readonly onChannel: ChannelPool
}

/** The number of ready messages; undefined if the queue does not exist. */
export async function countOf(onChannel: ChannelPool, queue: string): Promise<number | undefined> {
  return (await ifThere(onChannel((channel) => channel.checkQueue(queue))))?.messageCount
}
