import { UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { type Item, putNew, type TablePair } from './carry-items.ts'
import { conditionHeld } from './conditional-write.ts'
import { type Key, stateKey } from './notification-keys.ts'

/** Milliseconds: what is due sooner may be on its way already, and is told by the cell that holds it. */
const soon = 5 * 60_000

/**
 * Carries a record of the notifications table. The copy is due in neither table: its cell tells what it has queued.
 * A held notification is handed over in three writes, each of which may be repeated: a copy that is not due; the
 * cancellation in the old cell, if nobody has begun to send it; the due date of the copy. So at each moment at most
 * one cell sends it, and after the last write one does.
 *
 * @param cell the cell to which the tenant moves
 * @returns whether the other cell tells it from now on
 */
export async function carryRecord(pair: TablePair, item: Item, cell: string): Promise<boolean> {
  const { due, dueAt, claim: _, ...record } = item
  const isHeld = isHeldItem(item) && isLater(dueAt)
  const isHandedOver = item['carriedTo'] === cell
  if (!isHandedOver) {
    const copy = { ...record, ...(isHeld && { carriedDue: due, carriedDueAt: dueAt }) }
    await putNew(pair, copy, 'carriedTo')
  }
  if (!isHandedOver && !(isHeld && (await handOver(pair, item, cell)))) return false
  return takeOn(pair, item)
}

/** Completes a hand-over that was cut short; hands nothing else over. */
export async function completeHandOver(
  pair: TablePair,
  item: Item,
  cell: string,
): Promise<boolean> {
  return item['carriedTo'] === cell && takeOn(pair, item)
}

/** As `carryRecord`, for held notifications alone. */
export async function carryHeld(pair: TablePair, item: Item, cell: string): Promise<boolean> {
  const isPart = item['carriedTo'] === cell || isHeldItem(item)
  return isPart && carryRecord(pair, item, cell)
}

function isHeldItem({ due }: Item): boolean {
  return String(due).startsWith('held#')
}

function isLater(dueAt: unknown): boolean {
  return String(dueAt) > new Date(Date.now() + soon).toISOString()
}

/** The state is final there: a sender that finds it does not deliver. */
function handOver({ from }: TablePair, item: Item, cell: string): Promise<boolean> {
  const update = new UpdateCommand({
    TableName: from.TableName,
    Key: keyOf(item),
    UpdateExpression:
      'SET carriedTo = :cell, #state = :cancelled, stateKey = :stateKey, reason = :reason REMOVE due, dueAt',
    ConditionExpression:
      'due = :due AND dueAt = :dueAt AND #state = :waiting AND attribute_not_exists(claim)',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':cell': cell,
      ':cancelled': 'CANCELLED',
      ':stateKey': stateKey(String(item['tenant']), 'CANCELLED'),
      ':reason': `It is sent by the cell ${cell}, which has the tenant now`,
      ':due': item['due'],
      ':dueAt': item['dueAt'],
      ':waiting': 'WAIT_FOR_DISPATCH',
    },
  })
  return conditionHeld(from.client.send(update))
}

async function takeOn({ to }: TablePair, item: Item): Promise<boolean> {
  const update = new UpdateCommand({
    TableName: to.TableName,
    Key: keyOf(item),
    UpdateExpression: 'SET due = carriedDue, dueAt = carriedDueAt REMOVE carriedDue, carriedDueAt',
    // An event that closes the subject may have cancelled it there.
    ConditionExpression: 'attribute_exists(carriedDue) AND #state = :waiting',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':waiting': 'WAIT_FOR_DISPATCH' },
  })
  return conditionHeld(to.client.send(update))
}

function keyOf(item: Item): Key {
  return { event: String(item['event']), entry: String(item['entry']) }
}
