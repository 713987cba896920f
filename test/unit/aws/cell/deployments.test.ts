import type { DescribeStackEventsCommand, StackEvent } from '@aws-sdk/client-cloudformation'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { expect, it } from '@jest/globals'
import { createDeployments } from '../../../../lib/aws/cell/deployments.ts'

const stack = 'arn:aws:cloudformation:eu-central-1:1:stack/ecos-eventbridge-main/1'

function event(time: string, ResourceStatus: string, more: Partial<StackEvent> = {}): StackEvent {
  return {
    ...{ StackId: stack, PhysicalResourceId: stack, EventId: time, StackName: 's' },
    ...{ ResourceType: 'AWS::CloudFormation::Stack', ...more },
    Timestamp: new Date(`2026-11-${time}Z`),
    ResourceStatus: ResourceStatus as NonNullable<StackEvent['ResourceStatus']>,
  }
}

/** The latest first, as CloudFormation has them. */
const pages: StackEvent[][] = [
  [
    event('28T10:30:00', 'UPDATE_IN_PROGRESS'),
    event('28T10:20:40', 'UPDATE_ROLLBACK_COMPLETE'),
    event('28T10:20:39', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'),
    event('28T10:20:20', 'UPDATE_ROLLBACK_IN_PROGRESS'),
    event('28T10:20:10', 'UPDATE_FAILED', { ResourceType: 'AWS::SQS::Queue' }),
  ],
  [
    event('28T10:20:00', 'UPDATE_IN_PROGRESS'),
    event('28T10:10:30', 'UPDATE_COMPLETE'),
    event('28T10:10:29', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'),
    ...['F', 'E', 'D', 'C', 'B', 'A'].flatMap((LogicalResourceId) =>
      ['UPDATE_COMPLETE', 'UPDATE_IN_PROGRESS'].map((status) =>
        event('28T10:10:20', status, { ResourceType: 'AWS::SQS::Queue', LogicalResourceId }),
      ),
    ),
    event('28T10:10:00', 'UPDATE_IN_PROGRESS'),
    event('20T10:00:00', 'CREATE_COMPLETE'),
  ],
  [event('20T09:59:00', 'CREATE_IN_PROGRESS')],
]

it('tells the deployments of a stack and how each ended, and reads no further back than it is asked', async () => {
  const read: (string | undefined)[] = []
  const client = new CloudFormationClient({ region: 'eu-central-1' })
  client.send = (async ({ input }: DescribeStackEventsCommand) => {
    read.push(input.NextToken)
    const page = Number(input.NextToken ?? 0)
    return { StackEvents: pages[page], NextToken: pages[page + 1] && String(page + 1) }
  }) as never
  const deployments = await createDeployments(client)('main', new Date('2026-11-28T00:00:00Z'))
  expect(deployments).toEqual([
    { at: '2026-11-28T10:30:00.000Z', outcome: 'under-way' },
    {
      at: '2026-11-28T10:20:00.000Z',
      until: '2026-11-28T10:20:40.000Z',
      outcome: 'rolled-back',
    },
    {
      ...{ at: '2026-11-28T10:10:00.000Z', until: '2026-11-28T10:10:30.000Z', outcome: 'done' },
      changed: { count: 6, names: ['A', 'B', 'C', 'D', 'E'] },
    },
  ])
  expect(read).toEqual([undefined, '1'])
})
