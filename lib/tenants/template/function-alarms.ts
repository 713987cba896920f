import { type ChannelName, channelNames } from '../../channels/channel.ts'
import type { SenderMetric } from '../../metrics/names.ts'
import { pascal } from '../names.ts'
import { alarm, groupedAlarms, sum } from './alarm.ts'
import type { Resources } from './cloudformation.ts'
import { functionMetric, ourMetric } from './metric.ts'

/** Alarms on functions that crash or are throttled, and on channels whose deliveries fail. */
export function functionAlarms(cell: string, functions: readonly string[]): Resources {
  const metricOfEach = (name: 'Errors' | 'Throttles') =>
    functions.map((functionName) => functionMetric(name, functionName))
  return {
    ...groupedAlarms('FunctionErrorsAlarm', metricOfEach('Errors'), (group, number) =>
      alarm({
        cell,
        name: `function-errors-${number}`,
        section: 'function-errors',
        description:
          'A function crashed, timed out or could not start. The graph shows which: read its log, and undo ' +
          'the last deployment if it began then.',
        watch: { metrics: group, expression: 'MAX(METRICS())', minutes: 3, ofMinutes: 10 },
      }),
    ),
    ...groupedAlarms('FunctionThrottlesAlarm', metricOfEach('Throttles'), (group, number) =>
      alarm({
        cell,
        name: `function-throttles-${number}`,
        section: 'function-throttles',
        description:
          'Lambda throttles a function: its concurrency or that of the account is used up. The graph ' +
          'shows which: have the quota raised, or lower maximumConcurrency.',
        watch: { metrics: group, expression: 'MAX(METRICS())', minutes: 3, ofMinutes: 10 },
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

/** AddressesGone is missing: such an address is switched off, which is no failure of the cell. */
const failures = [
  'TransientFailures',
  'PermanentFailures',
  'UncertainDeliveries',
  'Expired',
  'SenderFailures',
] as const satisfies readonly SenderMetric[]

function failingDeliveries(cell: string, channel: ChannelName) {
  const metrics = [...failures, 'Sent' as const].map((name) => ourMetric(name, { cell, channel }))
  const failed = sum(metrics.slice(0, failures.length))
  return alarm({
    cell,
    name: `failing-${channel}`,
    section: 'failing-deliveries',
    description:
      `More than half of the deliveries by ${channel} fail. The log of the cell's send-${channel} has ` +
      'reason and tenant ("Record failed"). Transient failures are retried automatically.',
    watch: {
      metrics,
      // A single failure per minute may be a bad address.
      expression: `IF((${failed}) > 1, 100 * (${failed}) / (${sum(metrics)}), 0)`,
      above: 50,
      minutes: 5,
      ofMinutes: 15,
    },
  })
}
