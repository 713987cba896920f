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
          // The next minute starts a drain anyway; EventBridge would retry for a day.
          RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
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

/**
 * The asynchronous invocations of a function that starts each minute anyway. Lambda retries a throttled asynchronous invocation for 6
 * hours by default: after an hour without concurrency, 60 of them would start together.
 */
export const scheduled = { maximumRetryAttempts: 0, maximumEventAge: 60 } as const
