import pLimit from 'p-limit'
import type { FailureCollector } from './collect-failures.ts'
import type { NotificationKey } from './store.ts'

/** Works on items side by side, within a bound. A failure is collected, and its result is undefined. */
export type SideBySide = <Item, Result>(
  items: readonly Item[],
  notificationOf: (item: Item) => NotificationKey,
  work: (item: Item) => Promise<Result>,
) => Promise<(Result | undefined)[]>

export function sideBySide({ guard }: FailureCollector, concurrency: number): SideBySide {
  const limit = pLimit(concurrency)
  return (items, notificationOf, work) =>
    Promise.all(items.map((item) => limit(() => guard(notificationOf(item), () => work(item)))))
}
