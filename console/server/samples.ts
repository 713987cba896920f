import * as z from 'zod'
import { parseJson } from '../../lib/parse.ts'
import type { ConsolePorts } from './ports.ts'

/** The data of an event that passed the bus. */
export interface Sample {
  readonly eventId: string
  /** ISO 8601: when the console saw it. */
  readonly at: string
  readonly data: unknown
}

/** The latest events by tenant and type, to compare dead letters with. */
export interface Samples {
  add(text: string): void
  /** The latest first. */
  of(tenant: string, type: string): readonly Sample[]
}

/** Of each tenant and type; tenants and types; characters of an event. They bound the memory: 300 × 3 × 32 kB. */
const perPair = 3
const maxPairs = 300
const maxLength = 32_000

const event = z.object({
  detail: z.object({
    id: z.string(),
    type: z.string(),
    tenantid: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
})

export function createSamples(): Samples {
  const kept = new Map<string, readonly Sample[]>()
  const keyOf = (tenant: string, type: string) => JSON.stringify([tenant, type])
  return {
    add(text) {
      if (text.length > maxLength) return
      const { data } = event.safeParse(parseJson(text))
      if (!data) return
      const { id: eventId, type, tenantid, data: sent } = data.detail
      const key = keyOf(tenantid, type)
      const others = kept.get(key)?.filter((one) => one.eventId !== eventId) ?? []
      const latest = { eventId, at: new Date().toISOString(), data: sent }
      // A Map keeps the order of insertion: the least recently added pair is dropped first.
      kept.delete(key)
      kept.set(key, [latest, ...others].slice(0, perPair))
      const [oldest] = kept.keys()
      if (kept.size > maxPairs && oldest !== undefined) kept.delete(oldest)
    },
    of: (tenant, type) => kept.get(keyOf(tenant, type)) ?? [],
  }
}

/** The ports, with a tap that keeps samples of what passes. */
export function withSamples(
  ports: ConsolePorts,
  samplesOf: (cell: string) => Samples,
): ConsolePorts {
  return {
    ...ports,
    async tap(cell, owner) {
      const tap = await ports.tap(cell, owner)
      return {
        ...tap,
        async take() {
          const texts = await tap.take()
          for (const text of texts) samplesOf(cell).add(text)
          return texts
        },
      }
    },
  }
}
