import { z } from 'zod'

/**
 * Version 00: the trace's id, the parent's id, flags, neither id all zeros. Nobody sends another
 * version yet, and what is none of ours to read is dropped.
 *
 * Source: https://www.w3.org/TR/trace-context/#traceparent-header
 */
const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** What travels with an event from its producer to its deliveries: W3C's trace context. */
export interface Traced {
  /** Untouched. */
  readonly traceparent?: string | undefined
  /** What vendors of tracing add to it; nothing without a `traceparent`. */
  readonly tracestate?: string | undefined
}

/** For a schema: what can be no trace context is taken for absent, as the specification has it. */
export const tracedFields = {
  traceparent: z.string().regex(form).optional().catch(undefined),
  tracestate: z.string().optional().catch(undefined),
}

/** The trace context in a message's headers or an envelope, where there is one. */
export function traceOf(from: { readonly traceparent?: unknown; readonly tracestate?: unknown }): {
  readonly traceparent?: string
  readonly tracestate?: string
} {
  const { traceparent, tracestate } = from
  if (typeof traceparent !== 'string' || !form.test(traceparent)) return {}
  const state = stateOf(tracestate)
  return state === undefined ? { traceparent } : { traceparent, tracestate: state }
}

/** The trace's id as a line of the log has it for OpenTelemetry: 32 hexadecimal digits. */
export function traceIdOf({ traceparent = '' }: Traced): { readonly trace_id?: string } {
  const [, id] = form.exec(traceparent) ?? []
  return id === undefined ? {} : { trace_id: id }
}

/**
 * A member of `tracestate`: `key=value`, the key with or without a tenant.
 *
 * Source: https://www.w3.org/TR/trace-context/#list
 */
const member =
  /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/

/** Members, and characters of a list and of a member that is kept in a long one (the same, 3.3.1). */
const most = { members: 32, characters: 512, inMember: 128 }

/** A list that does not parse is dropped as a whole; one that is too long loses members. */
function stateOf(tracestate: unknown): string | undefined {
  if (typeof tracestate !== 'string' || tracestate.length > 64 * 1024) return undefined
  const members = tracestate
    .split(',')
    .map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((text) => text !== '')
  const keys = new Set(members.map((text) => text.slice(0, text.indexOf('='))))
  const isList = members.every((text) => member.test(text)) && keys.size === members.length
  if (!isList || members.length === 0 || members.length > most.members) return undefined
  return shortened(members)
}

/** What is longer than a list may be loses its long members first, and then its last. */
function shortened(members: readonly string[]): string | undefined {
  const whole = members.join(',')
  if (whole.length <= most.characters) return whole
  const rest = members.filter(({ length }) => length <= most.inMember)
  while (rest.join(',').length > most.characters) rest.pop()
  return rest.length > 0 ? rest.join(',') : undefined
}
