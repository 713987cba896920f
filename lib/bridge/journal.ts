import type { EcosEvent } from '../events/event.ts'
import { traceIdOf } from '../events/trace.ts'
import type { Log } from '../log.ts'

/** Outcomes that are logged in batches; the others get a line each. */
export type Noted = 'bridged' | 'returned'

/**
 * Logs the id of every event at a fraction of the cost of a line each: one line lists events of one
 * tenant with the same outcome, and their trace ids.
 */
export interface Journal {
  note(outcome: Noted, event: EcosEvent): void
  /** Writes what is pending. Call it at the end of a run, before Lambda freezes the function. */
  write(): void
}

/**
 * Ids in a line, of events and traces together, and the characters of the events' ids. CloudWatch indexes 200 fields
 * of a JSON line, and each id in a list counts as one (CloudWatch Logs user guide, Supported logs and discovered
 * fields).
 */
const limits = { ids: 180, characters: 10_000 }

/** Milliseconds that an id waits for others: a process that is killed loses them. */
const patience = 5_000

interface Page {
  readonly outcome: Noted
  readonly tenant: string
  readonly eventIds: string[]
  readonly traceIds: Set<string>
  characters: number
}

export function createJournal(log: Log): Journal {
  const pages = { bridged: new Map<string, Page>(), returned: new Map<string, Page>() }
  let timer: NodeJS.Timeout | undefined

  return {
    note(outcome, event) {
      const page = pageOf(outcome, event.tenant)
      page.eventIds.push(event.id)
      page.characters += event.id.length
      const { trace_id } = traceIdOf(event)
      if (trace_id !== undefined) page.traceIds.add(trace_id)
      const ids = page.eventIds.length + page.traceIds.size
      // The next event may have a trace, too.
      if (ids >= limits.ids - 1 || page.characters >= limits.characters) writePage(page)
      timer ??= setTimeout(write, patience).unref()
    },
    write,
  }

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    for (const page of pages.bridged.values()) writePage(page)
    for (const page of pages.returned.values()) writePage(page)
  }

  function pageOf(outcome: Noted, tenant: string): Page {
    const known = pages[outcome].get(tenant)
    if (known) return known
    const page = { outcome, tenant, eventIds: [], traceIds: new Set<string>(), characters: 0 }
    pages[outcome].set(tenant, page)
    return page
  }

  function writePage(page: Page): void {
    const { outcome, tenant, eventIds, traceIds } = page
    pages[outcome].delete(tenant)
    log.info(outcome === 'bridged' ? 'Bridged' : 'Not sent; the broker will deliver them again', {
      tenant,
      outcome,
      events: eventIds.length,
      eventIds,
      ...(traceIds.size > 0 && { traceIds: [...traceIds] }),
    })
  }
}
