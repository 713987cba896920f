import type { Carried, Move } from '../../operations/carry.ts'
import { cellPrefix } from '../../tenants/names.ts'
import { type Bucket, copyContents } from '../kept-contents.ts'
import { carryItems, type TablePair } from '../tables/carry-items.ts'
import { carryRecord } from '../tables/carry-records.ts'
import { carrySubscriptions } from '../tables/carry-subscriptions.ts'
import { createDynamoDb } from '../tables/dynamodb.ts'
import { takeHeldBack } from '../tables/take-held-back.ts'

/** The payload buckets of both cells; the other cell's region, if it is not that of the environment. */
export interface CarryPlaces {
  readonly fromBucket: string
  readonly toBucket: string
  readonly toRegion?: string | undefined
}

/** Copies what the cell knows of the tenant. What was cut short can be repeated. */
export async function copyTenant(move: Move, places: CarryPlaces): Promise<Carried> {
  const { tenant, to } = move
  const region = places.toRegion
  const pairOf = tablePairs(move, region)
  const toBucket: Bucket = { name: places.toBucket, region }
  // Contents come first: the other cell may have to send what is carried after them.
  const contents = await copyContents(tenant, { name: places.fromBucket }, toBucket)
  const subscriptions = await carrySubscriptions(pairOf('subscriptions', 'subscriber'), tenant)
  const listened = { ...pairOf('record-listeners', 'tenant'), isPlainId: true }
  const listeners = await carryItems(listened, tenant)
  const records = pairOf('notifications', 'event')
  let all = 0
  const held = await carryItems(records, tenant, (item) => {
    all += 1
    return carryRecord(records, item, to)
  })
  return { subscriptions, listeners, contents, records: all, held }
}

/** Takes back what a carrying has handed over. @returns how many notifications the tenant's own cell tells again */
export function takeBack(move: Move, toRegion: string | undefined): Promise<number> {
  return takeHeldBack(tablePairs(move, toRegion)('notifications', 'event'), move)
}

/** Finds a table of both cells by its name in them. */
function tablePairs({ from, to }: Move, toRegion: string | undefined) {
  const target = createDynamoDb(toRegion === undefined ? {} : { region: toRegion })
  const source = createDynamoDb()
  return (table: string, key: string): TablePair => ({
    from: { TableName: `${cellPrefix(from)}-${table}`, client: source },
    to: { TableName: `${cellPrefix(to)}-${table}`, client: target },
    key,
  })
}
