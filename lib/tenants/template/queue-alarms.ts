import { type ChannelName, channelNames } from '../../channels/channel.ts'
import { eventTypes } from '../../events/catalogue.ts'
import { cellPrefix, kebab, pascal } from '../names.ts'
import { alarm, groupedAlarms } from './alarm.ts'
import type { Resources } from './cloudformation.ts'
import { queueMetric } from './metric.ts'
import type { Settings } from './settings.ts'

/** Seconds. */
const oldEvent = 900

/** Percent of the time to live. */
const oldNotification = 50

/**
 * Minutes that an alarm on a queue looks back. SQS's metrics are up to 15 minutes late after a queue was idle,
 * while those of other queues in the same alarm are not: the newest points alone would hide them.
 */
const lookBack = 20

/**
 * Seconds: of the 14 days that SQS keeps a dead letter, counted from when the message was first sent, four
 * days are left; fewer by the time that it waited before it was dead-lettered.
 */
const agedDeadLetter = 10 * 86_400

/** Alarms on the queues of handlers and senders, their dead-letter queues, and the quarantine. */
export function queueAlarms(cell: string, settings: Settings): Resources {
  const handlers = eventTypes.map((type) => `${cellPrefix(cell)}-${kebab(type)}`)
  const senders = channelNames.map((channel) => `${cellPrefix(cell)}-${channel}`)
  return {
    ...deadLetterAlarms(cell, 'HandlerDlqAlarm', 'handler-dlq', handlers, 'Events'),
    ...deadLetterAlarms(cell, 'SenderDlqAlarm', 'sender-dlq', senders, 'Notifications'),
    ...quarantineAlarm(cell),
    ...agedDeadLetterAlarms(cell, [
      ...[...handlers, ...senders].map((queue) => `${queue}-dlq`),
      `${cellPrefix(cell)}-quarantine`,
    ]),
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
        `${what} used up their attempts and rest in a dead-letter queue. List them with their tenants and ` +
        'reasons: npx ecos-eventbridge dlq list. Fix the cause, then run dlq redrive.',
      watch: { metrics: group, expression: 'MAX(METRICS())', minutes: 1, ofMinutes: lookBack },
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
        'Messages that are no valid events rest in the quarantine. List them with their tenants and ' +
        `reasons: npx ecos-eventbridge dlq list --queue ${queue}. Tell the producer.`,
      watch: {
        metrics: [queueMetric('ApproximateNumberOfMessagesVisible', queue)],
        minutes: 1,
        ofMinutes: lookBack,
      },
    }),
  }
}

function agedDeadLetterAlarms(cell: string, queues: readonly string[]): Resources {
  const metrics = queues.map((queue) => queueMetric('ApproximateAgeOfOldestMessage', queue))
  return groupedAlarms('AgedDeadLetterAlarm', metrics, (group, number) =>
    alarm({
      cell,
      name: `aged-dead-letter-${number}`,
      section: 'aged-dead-letters',
      description:
        `A message has rested in a dead-letter queue or the quarantine for ${agedDeadLetter / 86_400} days. ` +
        'SQS deletes it 14 days after it was first sent: redrive it, or save it with dlq purge --into FILE.',
      watch: {
        metrics: group,
        expression: 'MAX(METRICS())',
        above: agedDeadLetter,
        minutes: 1,
        ofMinutes: lookBack,
      },
    }),
  )
}

function oldEventAlarms(cell: string, queues: readonly string[]): Resources {
  const metrics = queues.map((queue) => queueMetric('ApproximateAgeOfOldestMessage', queue))
  return groupedAlarms('OldEventAlarm', metrics, (group, number) =>
    alarm({
      cell,
      name: `old-event-${number}`,
      section: 'old-messages',
      description:
        `An event has waited for its handler for more than ${oldEvent / 60} minutes, or was received once ` +
        'or twice and came back. The graph shows the queue: read the log of its handler, and raise ' +
        'maximumConcurrency if it is merely slow.',
      watch: {
        metrics: group,
        expression: 'MAX(METRICS())',
        above: oldEvent,
        minutes: 3,
        ofMinutes: lookBack,
      },
    }),
  )
}

function oldNotificationAlarms(cell: string, { channels }: Settings): Resources {
  const channelAlarm = (channel: ChannelName) =>
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
        ofMinutes: lookBack,
      },
    })
  return Object.fromEntries(
    channelNames.map((channel) => [`Old${pascal(channel)}Alarm`, channelAlarm(channel)]),
  )
}
