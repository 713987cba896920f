import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { faultOf } from '../../../queue-function/fault.ts'
import { together } from '../../../queue-function/together.ts'
import { mergeGets } from './gets.ts'
import { again, type Command, type Merge } from './merge.ts'
import { mergePuts } from './puts.ts'
import { mergeStatements } from './statements.ts'

/**
 * A client that sends calls of the same turn of the event loop as one, where DynamoDB takes them so: reads of
 * items, writes without a condition, and statements. A queue-fed function handles the messages of a batch side by
 * side, so their calls come together, and most of its CPU goes into calls. Every call's result is as by itself: if
 * the content of one can't be encoded, DynamoDB rejects it or leaves it unprocessed, it is sent alone and costs no
 * other.
 *
 * @param tables whose reads and writes are sent together: the function's role needs BatchGetItem and BatchWriteItem
 *   on them, as far as it reads and writes items there
 */
export function callsTogether(
  client: DynamoDBDocumentClient,
  tables: readonly string[],
): DynamoDBDocumentClient {
  const alone = (command: Command): Promise<object> => client.send(command as never)
  const merges: Merge<never>[] = [
    mergeGets(tables, true),
    mergeGets(tables, false),
    mergePuts(tables),
    mergeStatements,
  ]
  const ways = merges.map((merge) => {
    const send = async (commands: readonly Command[]) =>
      callsOf(commands, merge).flatMap((some) => sendCall(some, merge, alone))
    return { merge, send: together<Command, object>(send, { most: mostCommands }) }
  })
  return Object.assign(Object.create(client), {
    send(command: Command, options?: object) {
      const own = options === undefined && ways.find(({ merge }) => merge.sizeOf(command))
      return own ? own.send(command) : client.send(command as never, options as never)
    },
  })
}

/** How many commands are looked at together: far more than come at a moment. */
const mostCommands = 10_000

/** Commands that fit into one call, in their order. */
function callsOf(commands: readonly Command[], { sizeOf, most }: Merge<never>): Command[][] {
  const calls: Command[][] = []
  let room = 0
  for (const command of commands) {
    const size = sizeOf(command) ?? most
    if (size > room) {
      calls.push([])
      room = most
    }
    calls.at(-1)?.push(command)
    room -= size
  }
  return calls
}

/** @returns the answers of the commands, in their order */
function sendCall(
  commands: readonly Command[],
  merge: Merge<never>,
  alone: (command: Command) => Promise<object>,
): Promise<object>[] {
  if (commands.length === 1) return commands.map(alone)
  const answers = answersOf(commands, merge, alone)
  return commands.map(async (command, index) => {
    const own = (await answers)[index] ?? again
    return own === again ? alone(command) : own
  })
}

/** @returns none if the call fails for the content of a command: then each is sent alone */
async function answersOf(
  commands: readonly Command[],
  { merge, split }: Merge<never>,
  alone: (command: Command) => Promise<object>,
): Promise<readonly (object | typeof again)[]> {
  try {
    const answer = await alone(merge(commands) as Command)
    return split(commands, answer as never)
  } catch (error) {
    // What can't be encoded is the fault of one command, too.
    if (faultOf(error) === 'message') return []
    throw error
  }
}
