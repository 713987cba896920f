import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  ResourceNotFoundException,
  type SQSClient,
  SQSServiceException,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import type { Move, MoveProgress } from '../../operations/letter-box.ts'

/** Messages per second (API reference, StartMessageMoveTask). */
const maxPerSecond = 500

/** Error codes of services without this action; MiniStack answers the first. */
const unsupported = ['InvalidAction', 'UnknownOperationException', 'UnsupportedOperation']

/**
 * Starts a move of a whole dead-letter queue, or joins the one that is running there: SQS allows one
 * per queue. The destination is named, because an event that a rule put there came from no queue.
 *
 * @returns undefined if the service has no such action, or `perSecond` is below its minimum of 1
 */
export async function startMoveTask(
  client: SQSClient,
  from: string,
  to: string,
  perSecond: number,
): Promise<Move | undefined> {
  if (perSecond < 1) return undefined
  const SourceArn = await arnOf(client, from)
  const look = async () => {
    const { Results = [] } = await client.send(
      new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }),
    )
    return Results[0]
  }
  try {
    const latest = await look()
    const running = isOngoing(latest) ? latest : undefined
    const TaskHandle = running ? running.TaskHandle : await start()
    const before = running ? 0 : (latest?.StartedTimestamp ?? 0)
    return {
      async look() {
        const task = await look()
        // The list may not show a new task yet.
        const isListed = (task?.StartedTimestamp ?? 0) > before
        return task && isListed ? progressOf(task) : { state: 'moving', moved: 0 }
      },
      async cancel() {
        try {
          await client.send(new CancelMessageMoveTaskCommand({ TaskHandle }))
        } catch (error) {
          // It ended in the meantime, which the next look tells.
          if (!(error instanceof ResourceNotFoundException)) throw error
        }
      },
    }
  } catch (error) {
    if (error instanceof SQSServiceException && isUnsupported(error)) return undefined
    throw error
  }

  async function start(): Promise<string | undefined> {
    const answer = await client.send(
      new StartMessageMoveTaskCommand({
        SourceArn,
        DestinationArn: await arnOf(client, to),
        MaxNumberOfMessagesPerSecond: Math.min(maxPerSecond, Math.floor(perSecond)),
      }),
    )
    return answer.TaskHandle
  }
}

function isUnsupported({ name }: SQSServiceException): boolean {
  return unsupported.some((code) => name === code || name.endsWith(`.${code}`))
}

async function arnOf(client: SQSClient, QueueUrl: string): Promise<string | undefined> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] })
  return (await client.send(command)).Attributes?.['QueueArn']
}

function isOngoing(task: ListMessageMoveTasksResultEntry | undefined): boolean {
  return task?.Status === 'RUNNING' || task?.Status === 'CANCELLING'
}

function progressOf(task: ListMessageMoveTasksResultEntry): MoveProgress {
  const { Status, ApproximateNumberOfMessagesMoved: moved = 0, FailureReason: reason } = task
  if (Status === 'FAILED') return { state: 'failed', moved, ...(reason && { reason }) }
  const total = task.ApproximateNumberOfMessagesToMove
  const state = isOngoing(task) ? 'moving' : 'done'
  return { state, moved, ...(total !== undefined && { total }) }
}
