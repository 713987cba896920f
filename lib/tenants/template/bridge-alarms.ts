import { cellPrefix } from '../names.ts'
import { type AlarmOptions, alarm } from './alarm.ts'
import type { Resources } from './cloudformation.ts'
import { ourMetric } from './metric.ts'
import type { Settings } from './settings.ts'

/** From the broker to the queues: the drains, what waits at the broker, the bus and its rules. */
export function bridgeAlarms(cell: string, settings: Settings): Resources {
  const of = (options: Omit<AlarmOptions, 'cell'>) => alarm({ cell, ...options })
  const bus = cellPrefix(cell)
  const backlog = ourMetric('BrokerBacklog', { cell }, 'Maximum')
  const { alarmBacklog, alarmNoDrainMinutes } = settings
  return {
    NoDrainAlarm: of({
      name: 'no-drain',
      section: 'no-drain',
      description:
        `No drain has ended well for ${alarmNoDrainMinutes} minutes: events wait at the broker, and none ` +
        `is lost. Run npx ecos-eventbridge doctor, and read the log of ${bus}-bridge-drain.`,
      watch: {
        metrics: [ourMetric('Drains', { cell })],
        below: 1,
        minutes: alarmNoDrainMinutes,
        missingIsBad: true,
      },
    }),
    BrokerBacklogAlarm: of({
      name: 'broker-backlog',
      section: 'broker-backlog',
      description:
        `More than ${alarmBacklog} messages have waited at the broker for 15 minutes. Find the tenant in ` +
        `the log of ${bus}-bridge-drain ("At the broker"), then raise concurrentDrains.`,
      watch: { metrics: [backlog], above: alarmBacklog, minutes: 15 },
    }),
    BrokerBacklogGrowthAlarm: of({
      name: 'broker-backlog-growth',
      section: 'broker-backlog',
      description:
        'The backlog at the broker has grown in 10 of 15 minutes: events come faster than they are ' +
        `bridged. Find the tenant in the log of ${bus}-bridge-drain ("At the broker").`,
      watch: {
        metrics: [backlog],
        // A few that came between two drains are no growth.
        expression: `IF(m0 > ${Math.ceil(alarmBacklog / 10)}, DIFF(m0), 0)`,
        minutes: 10,
        ofMinutes: 15,
      },
    }),
    BrokerDeadLettersAlarm: of({
      name: 'broker-dead-letters',
      section: 'broker-dead-letters',
      description:
        'A message used up its deliveries at the broker: it may kill the bridge. See which with ' +
        'npx ecos-eventbridge dlq list (AMQP_URL).',
      watch: { metrics: [ourMetric('BrokerDeadLetters', { cell }, 'Maximum')], minutes: 1 },
    }),
    BusFailuresAlarm: of({
      name: 'bus-failures',
      section: 'bus-failures',
      description:
        `PutEvents to the bus ${bus} fails; what failed is sent again, and the rest waits at the broker. ` +
        `Look for "The bus failed" in the log of ${bus}-bridge-drain, and at the AWS Health Dashboard.`,
      watch: { metrics: [ourMetric('BusFailures', { cell })], minutes: 3, ofMinutes: 5 },
    }),
    BusThrottlesAlarm: of({
      name: 'bus-throttles',
      section: 'bus-failures',
      description:
        'EventBridge throttles PutEvents: set maxPutEventsPerSecond below the quota of the account and ' +
        'region, or have the quota raised.',
      watch: { metrics: [ourMetric('BusThrottles', { cell })], minutes: 5, ofMinutes: 15 },
    }),
    RuleFailuresAlarm: of({
      name: 'rule-failures',
      section: 'rule-failures',
      description:
        `A rule of the bus ${bus} could not hand an event to its queue, and the event is in no queue of ` +
        'ours. Find the rule by its metric FailedInvocations, then replay the events.',
      watch: {
        metrics: [],
        // An alarm has ten metrics at most, and a bus 300 rules.
        query:
          'SELECT SUM(FailedInvocations) FROM SCHEMA("AWS/Events", EventBusName, RuleName) ' +
          `WHERE EventBusName = '${bus}'`,
        minutes: 1,
        ofMinutes: 1,
      },
    }),
  }
}
