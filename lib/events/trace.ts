import * as z from 'zod'
import { late } from '../late.ts'

/**
 * Version 00: trace id, parent id and flags; neither id is all zeros. Other versions don't exist yet and
 * are dropped.
 *
 * Source: https://www.w3.org/TR/trace-context/#traceparent-header
 */
const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** W3C trace context, which an event carries from its producer to its deliveries. */
export interface Traced {
  /** Unchanged. */
  readonly traceparent?: string | undefined
  /** Vendor-specific data; absent without a `traceparent`. */
  readonly tracestate?: string | undefined
}

/** Fields for a schema. Invalid values count as absent, as the specification requires. */
export const tracedFields = late(() => ({
  traceparent: z.string().regex(form).optional().catch(undefined),
  tracestate: z.string().optional().catch(undefined),
}))

/** The valid trace context of a message's headers or of an envelope. */
export function traceOf(from: { readonly traceparent?: unknown; readonly tracestate?: unknown }): {
  readonly traceparent?: string
  readonly tracestate?: string
} {
  const { traceparent, tracestate } = from
  if (typeof traceparent !== 'string' || !form.test(traceparent)) return {}
  const state = stateOf(tracestate)
  return state === undefined ? { traceparent } : { traceparent, tracestate: state }
}

/** The trace id under OpenTelemetry's name for log records: 32 hexadecimal digits. */
export function traceIdOf({ traceparent }: Traced): { readonly trace_id?: string } {
  const id = traceparent === undefined ? undefined : form.exec(traceparent)?.[1]
  return id === undefined ? {} : { trace_id: id }
}

/**
 * A member of `tracestate`: `key=value`, where the key may have a tenant prefix.
 *
 * Source: https://www.w3.org/TR/trace-context/#list
 */
const member =
  /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/

/** Members of a list, its characters, and characters of a member that survives shortening (3.3.1). */
const limits = { members: 32, characters: 512, memberCharacters: 128 }

/** An invalid list is dropped as a whole; a long one is shortened. */
function stateOf(tracestate: unknown): string | undefined {
  if (typeof tracestate !== 'string' || tracestate.length > 64 * 1024) return undefined
  const members = tracestate
    .split(',')
    .map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((text) => text !== '')
  const keys = new Set(members.map((text) => text.slice(0, text.indexOf('='))))
  const isList = members.every((text) => member.test(text)) && keys.size === members.length
  if (!isList || members.length === 0 || members.length > limits.members) return undefined
  return shortened(members)
}

/** Removes long members first, then members from the end. */
function shortened(members: readonly string[]): string | undefined {
  const whole = members.join(',')
  if (whole.length <= limits.characters) return whole
  const rest = members.filter(({ length }) => length <= limits.memberCharacters)
  while (rest.join(',').length > limits.characters) rest.pop()
  return rest.length > 0 ? rest.join(',') : undefined
}
