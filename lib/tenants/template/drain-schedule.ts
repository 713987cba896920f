import { arnOf, type Resources } from './cloudformation.ts'
import type { Settings } from './settings.ts'

/**
 * Starts the cell's drains, every minute as many as the settings say: one target of the rule for
 * each, which EventBridge invokes together. They compete for the messages of the same queues.
 */
export function drainSchedule({ concurrentDrains }: Pick<Settings, 'concurrentDrains'>): Resources {
  return {
    BridgeDrainSchedule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Description: `Starts ${concurrentDrains} of the bridge's drains`,
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
