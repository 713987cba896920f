import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from '@aws-sdk/lib-dynamodb'
import { EcosError } from '../../errors.ts'
import { readActions } from '../../notifications/subscriptions/stored-actions.ts'
import {
  type Action,
  action,
  subscription,
  tenantRule,
} from '../../notifications/subscriptions/subscriptions.ts'
import { faultsIn } from '../../parse.ts'
import { conditionHeld } from './conditional-write.ts'
import { type ActionsKey, type Item, itemOf, keyOf } from './subscriptions-items.ts'

/** Tries while others change the same subscription concurrently. */
const tries = 5

/** Changes of one subscription. They read, edit and write, if nobody has written in between. */
export interface SubscriptionChanges {
  /**
   * Replaces the actions with the result of `edit`. An empty result removes the subscription.
   *
   * @throws EcosError `subscription-busy`, retryable; `invalid-subscription` if the stored or the edited
   *   subscription does not fit the schema
   */
  change(of: ActionsKey, edit: (actions: readonly Action[]) => readonly Action[]): Promise<void>
  /**
   * Replaces each action with the result of `edit`. Stored actions that do not fit the schema stay.
   *
   * @throws EcosError `subscription-busy`, retryable
   */
  changeEach(of: ActionsKey, edit: (action: Action) => readonly Action[]): Promise<void>
}

export function createSubscriptionChanges(
  table: string,
  client: DynamoDBDocumentClient,
): SubscriptionChanges {
  const read = async (of: ActionsKey): Promise<Item | undefined> => {
    const command = new GetCommand({ TableName: table, Key: keyOf(of), ConsistentRead: true })
    return (await client.send(command)).Item
  }
  const replace = async (of: ActionsKey, nextOf: (item?: Item) => readonly unknown[]) => {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const item = await read(of)
      const next = nextOf(item)
      if (item === undefined && next.length === 0) return
      if (await conditionHeld(write(client, table, of, { item, next }))) return
    }
    const problem = `${nameOf(of)} is being changed by others: try again later`
    throw new EcosError('subscription-busy', problem, {
      retryable: true,
    })
  }
  return {
    change: (of, edit) =>
      replace(of, (item) => checked(of, edit(item === undefined ? [] : actionsIn(of, item)))),

    changeEach: (of, edit) =>
      replace(of, (item) => {
        const stored: unknown[] = [item?.['actions'] ?? []].flat()
        return stored.flatMap((one): readonly unknown[] => {
          const parsed = action.safeParse(one)
          return parsed.success ? edit(parsed.data) : [one]
        })
      }),
  }
}

function write(
  client: DynamoDBDocumentClient,
  table: string,
  of: ActionsKey,
  { item, next }: { item: Item | undefined; next: readonly unknown[] },
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
  const { actions, broken } = readActions(item['actions'])
  if (broken.length === 0) return actions
  throw new EcosError(
    'invalid-subscription',
    `${nameOf(of)} in the table does not fit the schema: remove it and add it again`,
  )
}

/** A stored subscription that does not fit the schema would fail from then on. */
function checked(of: ActionsKey, actions: readonly Action[]): readonly Action[] {
  const schema = of.username === undefined ? tenantRule : subscription
  const parsed = schema.safeParse({ ...of, actions })
  if (parsed.success) return parsed.data.actions
  throw new EcosError('invalid-subscription', `${nameOf(of)}: ${faultsIn(parsed.error)}`)
}

function nameOf({ tenant, eventType }: ActionsKey): string {
  return `A subscription to ${eventType} of the tenant ${tenant}`
}
