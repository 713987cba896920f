import * as z from 'zod'
import type { Queue } from '../../lib/aws/sqs.ts'
import { type ChannelName, channelNames } from '../../lib/channels/channel.ts'
import type { NotifyPorts } from '../../lib/notifications/notify.ts'
import { readSettings } from './read-settings.ts'

type QueueVariable = `${Uppercase<ChannelName>}_QUEUE_URL`

/** `EMAIL_QUEUE_URL` and so on: the queue of each channel. */
const queueVariable = (channel: ChannelName) =>
  `${channel.toUpperCase()}_QUEUE_URL` as QueueVariable
const channelVariables = z.object(
  Object.fromEntries(channelNames.map((channel) => [queueVariable(channel), z.url()])) as Record<
    QueueVariable,
    z.ZodURL
  >,
)

/** Queues notifications by channel, with the queues' URLs from the environment. */
export function channelQueues(queue: (url: string) => Queue): NotifyPorts['enqueue'] {
  const urls = readSettings(channelVariables)
  return (channel, messages) => queue(urls[queueVariable(channel)]).sendAll(messages)
}
