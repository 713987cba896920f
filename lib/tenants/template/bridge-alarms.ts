import { cellPrefix } from '../names.ts'
import { type AlarmOptions, alarm } from './alarm.ts'
import type { Resources } from './cloudformation.ts'
import { ourMetric } from './metric.ts'
import type { Settings } from './settings.ts'

/** Alarms on the way from the broker to the queues: drains, backlog at the broker, bus and rules. */
export function bridgeAlarms(cell: string, settings: Settings): Resources {
  const cellAlarm = (options: Omit<AlarmOptions, 'cell'>) => alarm({ cell, ...options })
  const bus = cellPrefix(cell)
  const backlog = ourMetric('BrokerBacklog', { cell }, 'Maximum')
  const { alarmBacklog, alarmNoDrainMinutes } = settings
  return {
    NoDrainAlarm: cellAlarm({
      name: 'no-drain',
      section: 'no-drain',
      description:
        `No drain has succeeded for ${alarmNoDrainMinutes} minutes. Events wait at the broker; none is ` +
        `lost. Run npx ecos-eventbridge doctor, and read the log of ${bus}-bridge-drain.`,
      watch: {
        metrics: [ourMetric('Drains', { cell })],
        below: 1,
        minutes: alarmNoDrainMinutes,
        missingIsBad: true,
      },
    }),
    BrokerBacklogAlarm: cellAlarm({
      name: 'broker-backlog',
      section: 'broker-backlog',
      description:
        `More than ${alarmBacklog} messages have waited at the broker for 15 minutes. Find the tenant in ` +
        `the log of ${bus}-bridge-drain ("At the broker"), then raise concurrentDrains.`,
      watch: { metrics: [backlog], above: alarmBacklog, minutes: 12, ofMinutes: 15 },
    }),
    BrokerBacklogGrowthAlarm: cellAlarm({
      name: 'broker-backlog-growth',
      section: 'broker-backlog',
      description:
        'The backlog at the broker has grown in 10 of 15 minutes: events arrive faster than the bridge ' +
        `carries them. Find the tenant in the log of ${bus}-bridge-drain ("At the broker").`,
      watch: {
        metrics: [backlog],
        // Messages that arrived between two drains do not count as growth.
        expression: `IF(m0 > ${Math.ceil(alarmBacklog / 10)}, DIFF(m0), 0)`,
        minutes: 10,
        ofMinutes: 15,
      },
    }),
    BrokerDeadLettersAlarm: cellAlarm({
      name: 'broker-dead-letters',
      section: 'broker-dead-letters',
      description:
        'A message used up its deliveries at the broker and may kill the bridge. List such messages with ' +
        'npx ecos-eventbridge dlq list (AMQP_URL).',
      watch: {
        metrics: [ourMetric('BrokerDeadLetters', { cell }, 'Maximum')],
        minutes: 1,
        ofMinutes: 10,
      },
    }),
    BusFailuresAlarm: cellAlarm({
      name: 'bus-failures',
      section: 'bus-failures',
      description:
        `PutEvents to the bus ${bus} fails. The bridge retries, and other events wait at the broker. ` +
        `Read the log of ${bus}-bridge-drain for the failures of the bus, and the AWS Health Dashboard.`,
      watch: { metrics: [ourMetric('BusFailures', { cell })], minutes: 3, ofMinutes: 5 },
    }),
    BusThrottlesAlarm: cellAlarm({
      name: 'bus-throttles',
      section: 'bus-failures',
      description:
        'EventBridge throttles PutEvents. Set maxPutEventsPerSecond below the quota of the account and ' +
        'region, or have the quota raised.',
      watch: { metrics: [ourMetric('BusThrottles', { cell })], minutes: 5, ofMinutes: 15 },
    }),
    RuleFailuresAlarm: cellAlarm({
      name: 'rule-failures',
      section: 'rule-failures',
      description:
        `A rule of the bus ${bus} could deliver an event neither to its queue nor to the dead-letter queue: ` +
        'the event is lost on the bus. Find the rule by its metric InvocationsFailedToBeSentToDlq, then ' +
        'replay the events from the archive.',
      watch: {
        metrics: [],
        // An alarm allows ten metrics, and a bus has up to 300 rules.
        query:
          'SELECT SUM(InvocationsFailedToBeSentToDlq) FROM SCHEMA("AWS/Events", EventBusName, RuleName) ' +
          `WHERE EventBusName = '${bus}'`,
        minutes: 1,
        ofMinutes: 15,
      },
    }),
  }
}
