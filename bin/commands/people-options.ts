import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { createPeopleBook, type PeopleBook } from '../../lib/aws/tables/people-table.ts'
import { onTable, type TableOptions, tableOf } from './subscriptions-options.ts'

/** @throws EcosError `no-such-table` */
export function withPeople<T>(
  options: TableOptions,
  work: (book: PeopleBook) => Promise<T>,
): Promise<T> {
  const table = tableOf(options)
  return onTable(table, () => work(createPeopleBook(table, createDynamoDb())))
}
