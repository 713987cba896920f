import { BatchGetCommand, type BatchGetCommandOutput, GetCommand } from '@aws-sdk/lib-dynamodb'
import { again, type Command, type Merge } from './merge.ts'

// biome-ignore lint/suspicious/noExplicitAny: as in the document client
type Item = Record<string, any>

/** What a command reads of one table. */
interface Read {
  readonly table: string
  readonly keys: readonly Item[]
}

/** Keys in one BatchGetItem (DynamoDB service quota). */
const mostKeys = 100

/**
 * GetItem and BatchGetItem of whole items.
 *
 * @param isConsistent a call reads all items of a table alike
 */
export function mergeGets(
  tables: readonly string[],
  isConsistent: boolean,
): Merge<BatchGetCommandOutput> {
  const readsOf = (command: Command) => {
    const reads = readsIn(command, isConsistent)
    const fits = reads?.every(({ table, keys }) => tables.includes(table) && keys.every(isExact))
    return fits ? reads : undefined
  }
  return {
    most: mostKeys,

    sizeOf(command) {
      return readsOf(command)?.reduce((sum, { keys }) => sum + keys.length, 0)
    },

    merge(commands) {
      const requested = new Map<string, Map<string, Item>>()
      for (const { table, keys } of commands.flatMap((one) => readsOf(one) ?? [])) {
        const known = requested.get(table) ?? new Map<string, Item>()
        requested.set(table, known)
        // DynamoDB rejects a call with the same key twice.
        for (const key of keys) known.set(nameOf(key, Object.keys(key)), key)
      }
      const requests = [...requested].map(([table, keys]) => {
        return [table, { Keys: [...keys.values()], ConsistentRead: isConsistent }]
      })
      return new BatchGetCommand({ RequestItems: Object.fromEntries(requests) })
    },

    split(commands, { Responses = {}, UnprocessedKeys = {} }) {
      const read = index(Responses)
      const unread = index(
        Object.fromEntries(
          Object.entries(UnprocessedKeys).map(([table, { Keys = [] }]) => [table, Keys]),
        ),
      )
      return commands.map((command) => {
        const reads = readsOf(command) ?? []
        if (reads.some((one) => unread(one).length > 0)) return again
        if (command instanceof GetCommand) return { Item: reads.flatMap(read)[0] }
        const items = reads.map((one) => [one.table, read(one)] as const)
        return { Responses: Object.fromEntries(items), UnprocessedKeys: {} }
      })
    },
  }
}

/** The command's reads; undefined unless it reads whole items, as consistently. */
function readsIn(command: Command, isConsistent: boolean): Read[] | undefined {
  if (command instanceof GetCommand) {
    const { TableName = '', Key = {}, ConsistentRead = false, ...more } = command.input
    const fits = ConsistentRead === isConsistent && isEmpty(more)
    return fits ? [{ table: TableName, keys: [Key] }] : undefined
  }
  if (!(command instanceof BatchGetCommand)) return undefined
  const { RequestItems = {}, ...more } = command.input
  const requests = Object.entries(RequestItems)
  const fits = requests.every(([, { Keys: _, ConsistentRead = false, ...others }]) => {
    return ConsistentRead === isConsistent && isEmpty(others)
  })
  return fits && isEmpty(more)
    ? requests.map(([table, { Keys = [] }]) => ({ table, keys: Keys }))
    : undefined
}

function isEmpty(fields: object): boolean {
  return Object.keys(fields).length === 0
}

/** Finds a table's items, or keys, by keys. */
function index(items: Readonly<Record<string, readonly Item[]>>) {
  const tables = new Map<string, ReadonlyMap<string, Item>>()
  return ({ table, keys }: Read): Item[] => {
    const [first] = keys
    if (first === undefined) return []
    const names = Object.keys(first)
    const place = JSON.stringify([table, names])
    const known =
      tables.get(place) ?? new Map((items[table] ?? []).map((item) => [nameOf(item, names), item]))
    tables.set(place, known)
    return keys.flatMap((key) => known.get(nameOf(key, names)) ?? [])
  }
}

/** Whether an item comes back with the key as it was asked for: UTF-8 has no lone surrogates. */
function isExact(key: Item): boolean {
  return Object.values(key).every((value) => typeof value === 'string' && value.isWellFormed())
}

function nameOf(item: Item, names: readonly string[]): string {
  return JSON.stringify(names.toSorted().map((name) => item[name]))
}
