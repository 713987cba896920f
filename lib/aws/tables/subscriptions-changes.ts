import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from '@aws-sdk/lib-dynamodb'
import { EcosError } from '../../errors.ts'
import {
  type Action,
  subscription,
  tenantRule,
} from '../../notifications/subscriptions/subscriptions.ts'
import { faultsIn } from '../../parse.ts'
import { type ActionsKey, entryIn, type Item, itemOf, keyOf } from './subscriptions-items.ts'

/** How often a change is tried when somebody else changes the same. */
const tries = 5

/** Changes the actions to what `edit` makes of them. None are left: the subscription is removed. */
export type ChangeActions = (
  of: ActionsKey,
  edit: (actions: readonly Action[]) => readonly Action[],
) => Promise<void>

/**
 * Reads, edits and writes, on the condition that nobody has written in between.
 *
 * @throws EcosError `subscription-busy`, retryable; `invalid-subscription` when what is stored, or is to
 *   be, does not fit
 */
export function createActionsChange(table: string, client: DynamoDBDocumentClient): ChangeActions {
  const read = async (of: ActionsKey): Promise<Item | undefined> => {
    const command = new GetCommand({ TableName: table, Key: keyOf(of), ConsistentRead: true })
    return (await client.send(command)).Item
  }
  return async (of, edit) => {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const item = await read(of)
      const next = checked(of, edit(item === undefined ? [] : actionsIn(of, item)))
      if (item === undefined && next.length === 0) return
      if (await isWritten(write(client, table, of, { item, next }))) return
    }
    throw new EcosError('subscription-busy', `${nameOf(of)} changes too fast: try again later`, {
      retryable: true,
    })
  }
}

function write(
  client: DynamoDBDocumentClient,
  table: string,
  of: ActionsKey,
  { item, next }: { item: Item | undefined; next: readonly Action[] },
): Promise<unknown> {
  const condition =
    item === undefined
      ? { ConditionExpression: 'attribute_not_exists(subscriber)' }
      : {
          ConditionExpression: 'actions = :actions',
          ExpressionAttributeValues: { ':actions': item['actions'] },
        }
  const common = { TableName: table, ...condition }
  return next.length > 0
    ? client.send(new PutCommand({ ...common, Item: itemOf(of, next) }))
    : client.send(new DeleteCommand({ ...common, Key: keyOf(of) }))
}

function actionsIn(of: ActionsKey, item: Item): readonly Action[] {
  const entry = entryIn(of.tenant, item)
  if (entry.of === 'subscription') return entry.subscription.actions
  throw new EcosError(
    'invalid-subscription',
    `${nameOf(of)} in the table is not as it should be: remove it, and add it again`,
  )
}

/** What does not fit would never be read again. */
function checked(of: ActionsKey, actions: readonly Action[]): readonly Action[] {
  const schema = of.username === undefined ? tenantRule : subscription
  const parsed = schema.safeParse({ ...of, actions })
  if (parsed.success) return parsed.data.actions
  throw new EcosError('invalid-subscription', `${nameOf(of)}: ${faultsIn(parsed.error)}`)
}

function nameOf({ tenant, eventType }: ActionsKey): string {
  return `A subscription to ${eventType} of the tenant ${tenant}`
}

async function isWritten(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}
