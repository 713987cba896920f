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
import { conditionHeld } from './conditional-write.ts'
import { type ActionsKey, entryIn, type Item, itemOf, keyOf } from './subscriptions-items.ts'

/** Tries while others change the same subscription concurrently. */
const tries = 5

/** Replaces the actions with the result of `edit`. An empty result removes the subscription. */
export type ChangeActions = (
  of: ActionsKey,
  edit: (actions: readonly Action[]) => readonly Action[],
) => Promise<void>

/**
 * Reads, edits and writes, on the condition that nobody has written in between.
 *
 * @throws EcosError `subscription-busy`, retryable; `invalid-subscription` if the stored or the edited
 *   subscription does not fit the schema
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
      if (await conditionHeld(write(client, table, of, { item, next }))) return
    }
    const problem = `${nameOf(of)} is being changed by others: try again later`
    throw new EcosError('subscription-busy', problem, {
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
    `${nameOf(of)} in the table does not fit the schema: remove it and add it again`,
  )
}

/** A stored subscription that does not fit the schema would be ignored from then on. */
function checked(of: ActionsKey, actions: readonly Action[]): readonly Action[] {
  const schema = of.username === undefined ? tenantRule : subscription
  const parsed = schema.safeParse({ ...of, actions })
  if (parsed.success) return parsed.data.actions
  throw new EcosError('invalid-subscription', `${nameOf(of)}: ${faultsIn(parsed.error)}`)
}

function nameOf({ tenant, eventType }: ActionsKey): string {
  return `A subscription to ${eventType} of the tenant ${tenant}`
}
