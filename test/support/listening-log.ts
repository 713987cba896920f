import { Logger } from '@aws-lambda-powertools/logger'
import type { Noted } from '../../lib/bridge/journal.ts'
import type { Log } from '../../lib/log.ts'

export interface Line {
  readonly level: keyof Log
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A log that keeps its lines. */
export function listeningLog(): { readonly log: Logger; readonly lines: Line[] } {
  const lines: Line[] = []
  const at =
    (level: keyof Log): Log['info'] =>
    (message, ...fields) => {
      lines.push({ level, message: String(message), fields: Object.assign({}, ...fields) })
    }
  const listening = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const log = Object.assign(new Logger({ logLevel: 'SILENT' }), listening)
  return { log, lines }
}

/** The ids of a tenant's events for which the bridge logged that outcome. */
export function idsIn(
  lines: readonly Readonly<Record<string, unknown>>[],
  tenant: string,
  outcome: Noted,
): string[] {
  const named = lines.filter((line) => line['tenant'] === tenant && line['outcome'] === outcome)
  return named.flatMap((line) => line['eventIds'] as string[])
}
