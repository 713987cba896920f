import { hostname, userInfo } from 'node:os'
import { callerIdentity } from '../../lib/aws/cell/caller.ts'
import { createAuditBook } from '../../lib/aws/tables/audit-table.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { loadedOnce } from '../../lib/loaded-once.ts'
import type { Audit, LoggedRecord, Operator } from '../../lib/operations/audit.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { note } from './text.ts'

/** The record of operators' actions of a cell, kept by whoever runs this program. */
export function auditOf(
  cell: string,
  via: Operator['via'],
  table = `${cellPrefix(cell)}-notifications`,
): Audit {
  const identity = loadedOnce(() => callerIdentity())
  return {
    book: createAuditBook(table, createDynamoDb()),
    async who() {
      return { user: `${userName()}@${hostname()}`, identity: await identity(), via }
    },
    // A command's line is in its terminal; the console's output is its log.
    log: via === 'console' ? (record) => note(lineOf(cell, record)) : () => undefined,
  }
}

function lineOf(cell: string, record: LoggedRecord): string {
  const { at, ...rest } = record
  return JSON.stringify({
    level: 'INFO',
    message: 'An operator acted',
    timestamp: at,
    cell,
    ...rest,
  })
}

/** In a container, the user may have no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
