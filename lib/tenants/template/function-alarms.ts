import { type ChannelName, channelNames } from '../../channels/channel.ts'
import type { SenderMetric } from '../../metrics/names.ts'
import { pascal } from '../names.ts'
import { alarm, groupedAlarms, total } from './alarm.ts'
import type { Resources } from './cloudformation.ts'
import { functionMetric, ourMetric } from './metric.ts'

/** Functions that fail as a whole, that may not run, and senders whose deliveries fail. */
export function functionAlarms(cell: string, functions: readonly string[]): Resources {
  const of = (name: 'Errors' | 'Throttles') => functions.map((one) => functionMetric(name, one))
  return {
    ...groupedAlarms('FunctionErrorsAlarm', of('Errors'), (group, number) =>
      alarm({
        cell,
        name: `function-errors-${number}`,
        section: 'function-errors',
        description:
          'A function crashed, ran out of time or could not start. The graph says which: read its log, ' +
          'and undo the last deployment if it began with it.',
        watch: { metrics: group, expression: total(group), minutes: 3, ofMinutes: 5 },
      }),
    ),
    ...groupedAlarms('FunctionThrottlesAlarm', of('Throttles'), (group, number) =>
      alarm({
        cell,
        name: `function-throttles-${number}`,
        section: 'function-throttles',
        description:
          'Lambda starts no more copies of a function: the concurrency of the account is used up. The ' +
          'graph says which: have the quota raised, or lower maximumConcurrency.',
        watch: { metrics: group, expression: total(group), minutes: 3, ofMinutes: 5 },
      }),
    ),
    ...Object.fromEntries(
      channelNames.map((channel) => [
        `Failing${pascal(channel)}Alarm`,
        failingDeliveries(cell, channel),
      ]),
    ),
  }
}

/** An address that is gone is the subscriber's affair: it is switched off, and no failure of ours. */
const failures = [
  'TransientFailures',
  'PermanentFailures',
  'Expired',
  'SenderFailures',
] as const satisfies readonly SenderMetric[]

function failingDeliveries(cell: string, channel: ChannelName) {
  const metrics = [...failures, 'Sent' as const].map((name) => ourMetric(name, { cell, channel }))
  const failed = total(metrics.slice(0, failures.length))
  return alarm({
    cell,
    name: `failing-${channel}`,
    section: 'failing-deliveries',
    description:
      `More than half of the deliveries by ${channel} fail. The log of the cell's send-${channel} says ` +
      'why and of which tenant ("Record failed"); what can still be sent is tried again by itself.',
    watch: {
      metrics,
      // One failure a minute is a bad address.
      expression: `IF((${failed}) > 1, 100 * (${failed}) / (${total(metrics)}), 0)`,
      above: 50,
      minutes: 5,
      ofMinutes: 15,
    },
  })
}
