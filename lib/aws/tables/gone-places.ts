import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { EcosError } from '../../errors.ts'
import { placeName } from '../../notifications/subscriptions/actions.ts'
import type { GonePlaces, SwitchedOff } from '../../notifications/subscriptions/subscriptions.ts'
import type { Place } from '../../notifications/subscriptions/switch-off.ts'
import { conditionHeld } from './conditional-write.ts'
import { goneIn, type Item, linksKey, peopleTypeOf, personKey } from './subscriptions-items.ts'

/** Places of one person that are remembered as gone, at most: the latest. */
const maxGone = 50

/** Tries while others change the same person concurrently. */
const tries = 5

/** Addresses that a tenant's rules become for one person, and that no longer exist: no rule names them. */
export interface GonePlacesStore {
  add(place: Place, off: SwitchedOff): Promise<void>
  /** @returns whether the place was among them */
  remove(place: Place): Promise<boolean>
}

/** They are in the item of what is known of the person, which every lookup of a recipient reads. */
export function createGonePlaces(table: string, client: DynamoDBDocumentClient): GonePlacesStore {
  /** @throws EcosError `subscription-busy`, retryable */
  const change = async (
    { tenant, username }: Place,
    edit: (gone: GonePlaces) => GonePlaces | undefined,
  ): Promise<boolean> => {
    const Key = personKey(tenant, username)
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const command = new GetCommand({ TableName: table, Key, ConsistentRead: true })
      const { Item: item } = await client.send(command)
      const gone = edit((item && goneIn(item)) ?? {})
      if (gone === undefined) return false
      const common = { ...Key, tenantType: peopleTypeOf(tenant), person: {}, ...item }
      const put = new PutCommand({
        TableName: table,
        Item: { ...common, gone },
        ...unchanged(item),
      })
      if (await conditionHeld(client.send(put))) return true
    }
    const problem = `A person of the tenant ${tenant} is being changed by others: try again later`
    throw new EcosError('subscription-busy', problem, { retryable: true })
  }
  /** The links of a person who is removed are revoked: what was made before is to bring nothing back. */
  const isOfRemoved = async ({ tenant, username, madeAt }: Place): Promise<boolean> => {
    if (madeAt === undefined) return false
    const Key = linksKey(tenant, username)
    const command = new GetCommand({ TableName: table, Key, ConsistentRead: true })
    const revokedAt = (await client.send(command)).Item?.['revokedAt']
    return typeof revokedAt === 'number' && Date.parse(madeAt) < revokedAt * 1000
  }
  return {
    async add(place, off) {
      const name = placeName(place)
      if (await isOfRemoved(place)) return
      await change(place, (gone) => {
        if (gone[name]) return undefined
        const latest = Object.entries(gone).toSorted(([, a], [, b]) => (a.at < b.at ? -1 : 1))
        return Object.fromEntries([...latest, [name, off] as const].slice(-maxGone))
      })
    },

    async remove(place) {
      return change(place, ({ [placeName(place)]: found, ...others }) => found && others)
    },
  }
}

/** The condition that nobody has written the item since it was read. */
function unchanged(item: Item | undefined) {
  if (item === undefined) return { ConditionExpression: 'attribute_not_exists(subscriber)' }
  const { person, gone } = item
  const isSame = gone === undefined ? 'attribute_not_exists(gone)' : 'gone = :gone'
  return {
    ConditionExpression: `person = :person AND ${isSame}`,
    ExpressionAttributeValues: { ':person': person, ...(gone !== undefined && { ':gone': gone }) },
  }
}
