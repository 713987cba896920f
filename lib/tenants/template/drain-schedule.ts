import { arnOf, type Resources } from './cloudformation.ts'
import type { Settings } from './settings.ts'

/**
 * Starts `concurrentDrains` drains each minute, with one target of the rule for each. They compete for the
 * messages of the same queues.
 */
export function drainSchedule({ concurrentDrains }: Pick<Settings, 'concurrentDrains'>): Resources {
  return {
    BridgeDrainSchedule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Description: `Starts ${concurrentDrains} drains of the bridge`,
        ScheduleExpression: 'rate(1 minute)',
        Targets: Array.from({ length: concurrentDrains }, (_, index) => ({
          Id: `drain-${index + 1}`,
          Arn: arnOf('BridgeDrainLambdaFunction'),
        })),
      },
    },
    BridgeDrainSchedulePermission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arnOf('BridgeDrainLambdaFunction'),
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf('BridgeDrainSchedule'),
      },
    },
  }
}
