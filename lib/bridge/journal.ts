import type { EcosEvent } from '../events/event.ts'
import { traceIdOf } from '../events/trace.ts'
import type { Log } from '../log.ts'

/** What is noted of an event; what goes elsewhere, the log names one by one. */
export type Noted = 'bridged' | 'returned'

/**
 * Leaves the id of every event in the log, at a small part of what a line for each would cost: a line
 * names the events of one tenant that went the same way, with those of their traces.
 */
export interface Journal {
  note(outcome: Noted, event: EcosEvent): void
  /** Writes what is not written yet. To be called where a run ends: a function is frozen then. */
  write(): void
}

/**
 * Ids in a line, and characters of them. CloudWatch finds 200 fields in a line of JSON, each id of a
 * list being one (CloudWatch Logs user guide, Supported logs and discovered fields).
 */
const most = { ids: 100, characters: 10_000 }

/** Milliseconds that an event waits for others of its tenant: what a process that is killed leaves out. */
const patience = 5_000

interface Page {
  readonly outcome: Noted
  readonly tenant: string
  readonly eventIds: string[]
  readonly traceIds: Set<string>
  characters: number
}

export function createJournal(log: Log): Journal {
  const pages = new Map<string, Page>()
  let timer: NodeJS.Timeout | undefined

  return {
    note(outcome, event) {
      const page = pageOf(outcome, event.tenant)
      page.eventIds.push(event.id)
      page.characters += event.id.length
      const { trace_id } = traceIdOf(event)
      if (trace_id !== undefined) page.traceIds.add(trace_id)
      if (page.eventIds.length >= most.ids || page.characters >= most.characters) writePage(page)
      timer ??= setTimeout(write, patience).unref()
    },
    write,
  }

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    for (const page of pages.values()) writePage(page)
  }

  function pageOf(outcome: Noted, tenant: string): Page {
    const key = keyOf({ outcome, tenant })
    const known = pages.get(key)
    if (known) return known
    const page = { outcome, tenant, eventIds: [], traceIds: new Set<string>(), characters: 0 }
    pages.set(key, page)
    return page
  }

  function writePage(page: Page): void {
    const { outcome, tenant, eventIds, traceIds } = page
    pages.delete(keyOf(page))
    log.info(outcome === 'bridged' ? 'Bridged' : 'Not sent; the broker delivers them again', {
      tenant,
      outcome,
      events: eventIds.length,
      eventIds,
      ...(traceIds.size > 0 && { traceIds: [...traceIds] }),
    })
  }
}

function keyOf({ outcome, tenant }: Pick<Page, 'outcome' | 'tenant'>): string {
  return `${outcome} ${tenant}`
}
