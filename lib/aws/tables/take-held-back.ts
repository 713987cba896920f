import type { Move } from '../../operations/carry.ts'
import { carryItems, type TablePair } from './carry-items.ts'
import { carryHeld, completeHandOver } from './carry-records.ts'

/**
 * Takes back the notifications that a carrying has handed over, of a tenant whose move is given up. A hand-over that
 * was cut short is completed first, so that each can be repeated the other way. What is due within minutes stays with
 * the cell that has it. What was cut short here can be repeated.
 *
 * @param pair the notifications tables of the move
 * @returns how many the tenant's own cell tells again
 */
export async function takeHeldBack(pair: TablePair, { tenant, from, to }: Move): Promise<number> {
  const back = { ...pair, from: pair.to, to: pair.from }
  await carryItems(pair, tenant, (item) => completeHandOver(pair, item, to))
  return carryItems(back, tenant, (item) => carryHeld(back, item, from))
}
