import {
  CloudFormationClient,
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
      events.push(...(page.StackEvents ?? []))
      pages += 1
      const oldest = page.StackEvents?.at(-1)?.Timestamp
      if (pages === maxPages || (oldest && oldest < from)) break
    }
    return deploymentsOf(events).filter(({ at, until = at }) => new Date(until) >= from)
  }
}

/** @param events of the stack and its resources, the latest first: each end stands before its beginning */
export function deploymentsOf(events: readonly StackEvent[]): Deployment[] {
  const deployments: Deployment[] = []
  let end: Pick<Deployment, 'until' | 'outcome'> | undefined
  let changed = new Set<string>()
  for (const event of events) {
    const { ResourceStatus = '', LogicalResourceId = '', Timestamp } = event
    const time = Timestamp?.toISOString() ?? ''
    if (!isOfStack(event)) {
      if (ResourceStatus.endsWith('_COMPLETE') && LogicalResourceId) changed.add(LogicalResourceId)
    } else if (/^(CREATE|UPDATE|IMPORT)_IN_PROGRESS$/.test(ResourceStatus)) {
      const done = changed.size > 0 && { changed: limited([...changed].reverse()) }
      deployments.push({ at: time, ...(end ?? { outcome: 'under-way' }), ...done })
      end = undefined
      changed = new Set()
    } else if (/_(COMPLETE|FAILED)$/.test(ResourceStatus)) {
      end ??= { until: time, outcome: outcomeOf(ResourceStatus) }
    }
  }
  return deployments
}

function isOfStack({ ResourceType, PhysicalResourceId, StackId }: StackEvent): boolean {
  return ResourceType === 'AWS::CloudFormation::Stack' && PhysicalResourceId === StackId
}

/** Resources that are named. */
const maxNames = 5

function limited(names: readonly string[]): NonNullable<Deployment['changed']> {
  return { count: names.length, names: names.slice(0, maxNames) }
}

function outcomeOf(status: string): Deployment['outcome'] {
  if (status.endsWith('ROLLBACK_COMPLETE')) return 'rolled-back'
  return status.endsWith('_COMPLETE') ? 'done' : 'failed'
}
