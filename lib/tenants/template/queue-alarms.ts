import { type ChannelName, channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'
import { cellPrefix, kebab, pascal } from '../names.ts'
import { alarm, groupedAlarms, total } from './alarm.ts'
import type { Resources } from './cloudformation.ts'
import { queueMetric } from './metric.ts'
import type { Settings } from './settings.ts'

/** Seconds: the waits of a handler's tries are over long before, whatever the settings. */
const oldEvent = 900

/** Of its time to live, in percent: no channel tries for so long. */
const oldNotification = 50

/** The queues of handlers and senders, where their tries end, and the quarantine. */
export function queueAlarms(cell: string, settings: Settings): Resources {
  const handlers = eventTypes.map((type) => `${cellPrefix(cell)}-${kebab(type)}`)
  const senders = channelNames.map((channel) => `${cellPrefix(cell)}-${channel}`)
  return {
    ...deadLetterAlarms(cell, 'HandlerDlqAlarm', 'handler-dlq', handlers, 'Events'),
    ...deadLetterAlarms(cell, 'SenderDlqAlarm', 'sender-dlq', senders, 'Notifications'),
    ...quarantineAlarm(cell),
    ...oldEventAlarms(cell, handlers),
    ...oldNotificationAlarms(cell, settings),
  }
}

function deadLetterAlarms(
  cell: string,
  logicalId: string,
  name: string,
  queues: readonly string[],
  what: string,
): Resources {
  const metrics = queues.map((queue) =>
    queueMetric('ApproximateNumberOfMessagesVisible', `${queue}-dlq`),
  )
  return groupedAlarms(logicalId, metrics, (group, number) =>
    alarm({
      cell,
      name: `${name}-${number}`,
      section: 'dead-letters',
      description:
        `${what} used up their tries and rest in a dead-letter queue. See which, whose and why with ` +
        'npx ecos-eventbridge dlq list; mend the cause; then dlq redrive.',
      watch: { metrics: group, expression: total(group), minutes: 1 },
    }),
  )
}

function quarantineAlarm(cell: string): Resources {
  const queue = `${cellPrefix(cell)}-quarantine`
  return {
    QuarantineAlarm: alarm({
      cell,
      name: 'quarantine',
      section: 'quarantine',
      description:
        'Messages came that can be no events, and rest in the quarantine. See whose and why with ' +
        `npx ecos-eventbridge dlq list --queue ${queue}; tell the producer.`,
      watch: {
        metrics: [queueMetric('ApproximateNumberOfMessagesVisible', queue)],
        minutes: 1,
      },
    }),
  }
}

function oldEventAlarms(cell: string, queues: readonly string[]): Resources {
  const metrics = queues.map((queue) => queueMetric('ApproximateAgeOfOldestMessage', queue))
  return groupedAlarms('OldEventAlarm', metrics, (group, number) =>
    alarm({
      cell,
      name: `old-event-${number}`,
      section: 'old-messages',
      description:
        `An event has waited for its handler for more than ${oldEvent / 60} minutes. The graph says in ` +
        'which queue: read the log of its handler, and raise maximumConcurrency if it is only slow.',
      watch: { metrics: group, expression: 'MAX(METRICS())', above: oldEvent, minutes: 3 },
    }),
  )
}

function oldNotificationAlarms(cell: string, { channels }: Settings): Resources {
  const alarmOf = (channel: ChannelName) =>
    alarm({
      cell,
      name: `old-notification-${channel}`,
      section: 'old-messages',
      description:
        `A notification has waited in the queue for ${channel} for more than ${oldNotification}% of the ` +
        `time in which it is worth sending. Read the log of ${cellPrefix(cell)}-send-${channel}.`,
      watch: {
        metrics: [queueMetric('ApproximateAgeOfOldestMessage', `${cellPrefix(cell)}-${channel}`)],
        above: (channels[channel].retry.timeToLiveSeconds * oldNotification) / 100,
        minutes: 3,
      },
    })
  return Object.fromEntries(
    channelNames.map((channel) => [`Old${pascal(channel)}Alarm`, alarmOf(channel)]),
  )
}
