import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import { type AuditBook, type AuditRecord, auditRecord } from '../../operations/audit.ts'

/** For how long operators' actions are on record: a year, and a month to look back at it. */
export const auditDays = 400

const daySeconds = 24 * 60 * 60

/**
 * What operators did, in the notifications table of the cell: it is encrypted, has point-in-time recovery and
 * expires by itself. One partition a month keeps each query within one partition; an event's key has three parts,
 * so it is never like these.
 */
export function createAuditBook(table: string, client: DynamoDBDocumentClient): AuditBook {
  return {
    async put(record) {
      const expiresAt = Math.floor(Date.parse(record.at) / 1000) + auditDays * daySeconds
      const Item = { ...record, event: monthKey(record.at), entry: record.id, expiresAt }
      await client.send(new PutCommand({ TableName: table, Item }))
    },

    async list({ tenant, from, before, limit }) {
      const oldest = from ?? new Date(Date.now() - auditDays * daySeconds * 1000).toISOString()
      if (before !== undefined && before < oldest) return { records: [] }
      const records: AuditRecord[] = []
      for (const month of monthsBack(before ?? new Date().toISOString(), oldest)) {
        let place: Record<string, unknown> | undefined
        do {
          const { Items = [], LastEvaluatedKey } = await client.send(
            new QueryCommand({
              TableName: table,
              KeyConditionExpression: '#event = :month AND #entry BETWEEN :from AND :before',
              ...(tenant !== undefined && { FilterExpression: '#tenant = :tenant' }),
              ExpressionAttributeNames: {
                ...{ '#event': 'event', '#entry': 'entry' },
                ...(tenant !== undefined && { '#tenant': 'tenant' }),
              },
              ExpressionAttributeValues: {
                ...{ ':month': month, ':from': oldest, ':before': before ?? afterAll },
                ...(tenant !== undefined && { ':tenant': tenant }),
              },
              ScanIndexForward: false,
              ConsistentRead: true,
              ...(place && { ExclusiveStartKey: place }),
            }),
          )
          const found = Items.flatMap((item) => auditRecord.safeParse(item).data ?? [])
          // BETWEEN includes its ends.
          records.push(...found.filter(({ id }) => id !== before))
          place = LastEvaluatedKey
        } while (place && records.length <= limit)
        if (records.length > limit) break
      }
      const shown = records.slice(0, limit)
      const last = shown.at(-1)
      return { records: shown, ...(records.length > limit && last && { before: last.id }) }
    },
  }
}

/** Sorts after each id, which begins with a time. */
const afterAll = '~'

function monthKey(time: string): string {
  return `audit#${time.slice(0, 7)}`
}

/** The partitions from one time back to another. */
function* monthsBack(newest: string, oldest: string): Generator<string> {
  const month = new Date(`${newest.slice(0, 7)}-01T00:00:00Z`)
  for (; month.toISOString().slice(0, 7) >= oldest.slice(0, 7); stepBack(month)) {
    yield monthKey(month.toISOString())
  }
}

function stepBack(month: Date): void {
  month.setUTCMonth(month.getUTCMonth() - 1)
}
