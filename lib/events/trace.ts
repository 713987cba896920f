import { z } from 'zod'

/**
 * Version 00: the trace's id, the parent's id, flags, neither id all zeros. Nobody sends another
 * version yet, and what is none of ours to read is dropped.
 *
 * Source: https://www.w3.org/TR/trace-context/#traceparent-header
 */
const form = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** What travels with an event from its producer to its deliveries: W3C's `traceparent`, untouched. */
export interface Traced {
  readonly traceparent?: string | undefined
}

/** For a schema: what is no trace context is taken for absent, as the specification has it. */
export const traceparentField = z.string().regex(form).optional().catch(undefined)

/** The trace context, where it is one. */
export function traceOf(traceparent: unknown): { readonly traceparent?: string } {
  const parsed = traceparentField.parse(traceparent)
  return parsed === undefined ? {} : { traceparent: parsed }
}

/** The trace's id as a line of the log has it for OpenTelemetry: 32 hexadecimal digits. */
export function traceIdOf({ traceparent = '' }: Traced): { readonly trace_id?: string } {
  const [, id] = form.exec(traceparent) ?? []
  return id === undefined ? {} : { trace_id: id }
}
