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

/** Messages in a second (API reference, StartMessageMoveTask). */
const fastest = 500

/** How services say that they have no such action; MiniStack says the first. */
const notThere = ['InvalidAction', 'UnknownOperationException', 'UnsupportedOperation']

/**
 * Has SQS move all that is in a dead-letter queue, or follows the move that is under way there: SQS
 * allows one for a queue. The destination is named, since what a rule put there came from no queue.
 *
 * @returns undefined where the service has no such action, or is asked for less than a message a second
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
        // The list may not have it yet.
        const isListed = (task?.StartedTimestamp ?? 0) > before
        return task && isListed ? progressOf(task) : { state: 'moving', moved: 0 }
      },
      async cancel() {
        try {
          await client.send(new CancelMessageMoveTaskCommand({ TaskHandle }))
        } catch (error) {
          // It is over meanwhile, which the next look tells.
          if (!(error instanceof ResourceNotFoundException)) throw error
        }
      },
    }
  } catch (error) {
    if (error instanceof SQSServiceException && isNotThere(error)) return undefined
    throw error
  }

  async function start(): Promise<string | undefined> {
    const answer = await client.send(
      new StartMessageMoveTaskCommand({
        SourceArn,
        DestinationArn: await arnOf(client, to),
        MaxNumberOfMessagesPerSecond: Math.min(fastest, Math.floor(perSecond)),
      }),
    )
    return answer.TaskHandle
  }
}

function isNotThere({ name }: SQSServiceException): boolean {
  return notThere.some((code) => name === code || name.endsWith(`.${code}`))
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
  const state = isOngoing(task) ? 'moving' : 'over'
  return { state, moved, ...(total !== undefined && { total }) }
}
