import { cellPrefix } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { bridgeAlarms } from './bridge-alarms.ts'
import type { Resource, Resources } from './cloudformation.ts'
import { functionAlarms } from './function-alarms.ts'
import { queueAlarms } from './queue-alarms.ts'
import type { Settings } from './settings.ts'

/**
 * The cell's alarms and the topic that they notify; docs/runbook.md has a section for each.
 *
 * @param functions names of all functions of the cell
 */
export function alarms(
  { cell }: CellPlan,
  settings: Settings,
  functions: readonly string[],
): Resources {
  return {
    AlarmTopic: topic(cell, settings),
    ...bridgeAlarms(cell, settings),
    ...queueAlarms(cell, settings),
    ...functionAlarms(cell, functions),
  }
}

/**
 * Not encrypted: CloudWatch alarms can't publish to a topic under the key that AWS manages for SNS (SNS
 * developer guide, key management), and an alarm's text holds no secret.
 */
function topic(cell: string, { alarmEmail }: Settings): Resource {
  return {
    Type: 'AWS::SNS::Topic',
    Properties: {
      TopicName: `${cellPrefix(cell)}-alarms`,
      ...(alarmEmail !== '' && {
        Subscription: [{ Protocol: 'email', Endpoint: alarmEmail }],
      }),
    },
  }
}
