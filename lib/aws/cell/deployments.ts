import {
  CloudFormationClient,
  type DescribeStackEventsCommandOutput,
  paginateDescribeStackEvents,
  type StackEvent,
} from '@aws-sdk/client-cloudformation'
import type { Deployment } from '../../operations/deployment.ts'
import { createClient } from '../client.ts'

/** Pages of 100 events that are read: a change of every resource makes about 600. */
const maxPages = 20

/** Reads a cell's deployments out of the events of its stack, the latest first. */
export function createDeployments(
  client = createClient(CloudFormationClient),
): (cell: string, from: Date) => Promise<Deployment[]> {
  return async (cell, from) => {
    const StackName = `ecos-eventbridge-${cell}`
    const events: StackEvent[] = []
    let pages = 0
    for await (const page of paginateDescribeStackEvents({ client }, { StackName })) {
      events.push(...ofStack(page))
      pages += 1
      const oldest = page.StackEvents?.at(-1)?.Timestamp
      if (pages === maxPages || (oldest && oldest < from)) break
    }
    return deploymentsOf(events).filter(({ at, until = at }) => new Date(until) >= from)
  }
}

function ofStack({ StackEvents = [] }: DescribeStackEventsCommandOutput): StackEvent[] {
  return StackEvents.filter(
    ({ ResourceType, PhysicalResourceId, StackId }) =>
      ResourceType === 'AWS::CloudFormation::Stack' && PhysicalResourceId === StackId,
  )
}

/** @param events of the stack itself, the latest first: each end stands before its beginning */
export function deploymentsOf(events: readonly StackEvent[]): Deployment[] {
  const deployments: Deployment[] = []
  let end: { readonly until: string; readonly outcome: Deployment['outcome'] } | undefined
  for (const { ResourceStatus = '', Timestamp } of events) {
    const time = Timestamp?.toISOString() ?? ''
    if (/^(CREATE|UPDATE|IMPORT)_IN_PROGRESS$/.test(ResourceStatus)) {
      deployments.push({ at: time, ...(end ?? { outcome: 'under-way' }) })
      end = undefined
    } else if (/_(COMPLETE|FAILED)$/.test(ResourceStatus)) {
      end ??= { until: time, outcome: outcomeOf(ResourceStatus) }
    }
  }
  return deployments
}

function outcomeOf(status: string): Deployment['outcome'] {
  if (status.endsWith('ROLLBACK_COMPLETE')) return 'rolled-back'
  return status.endsWith('_COMPLETE') ? 'done' : 'failed'
}
