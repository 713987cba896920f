import { cellPrefix } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { bridgeAlarms } from './bridge-alarms.ts'
import type { Resource, Resources } from './cloudformation.ts'
import { functionAlarms } from './function-alarms.ts'
import { queueAlarms } from './queue-alarms.ts'
import type { Settings } from './settings.ts'

/**
 * The cell's alarms and the topic that they tell. `docs/runbook.md` has a section for each.
 *
 * @param functions the names of all the cell's functions
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
 * Not encrypted with a key: CloudWatch may not use the one that AWS manages for SNS (SNS developer
 * guide, key management), and what an alarm says is no secret.
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
