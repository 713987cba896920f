import assert from 'node:assert/strict'
import fc from 'fast-check'
import { decodeEvent, envelopeBytes } from '../../lib/events/event.ts'
import { style, writeJson } from '../json-writer.ts'
import { target } from '../target.ts'

const tricky = fc.constantFrom(
  '__proto__',
  'constructor',
  'data',
  'id',
  '',
  '\ud800',
  '\uffff',
  '"}',
)
/**
 * A field named # would be taken for a number. And once JSON.parse of Node.js 24 (V8 13.6) has read a field named by
 * one backslash, it reads each field in that place whose name is one escape, such as `\\n`, as that name.
 */
const key = fc
  .oneof(fc.string({ maxLength: 8 }), tricky)
  .filter((name) => name !== '#' && name !== '\\')
const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?$/)
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary', maxLength: 12 }),
    tricky,
    fc.constantFrom(null, true, false, 0),
    digits.map((text) => ({ '#': text })),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(key, tie('any'), { maxKeys: 4 }),
  ),
})).any

const input = fc.record({
  id: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(null, 7, 'x'.repeat(257)),
  ),
  docId: fc.oneof(fc.string({ maxLength: 20 }), fc.constant(null)),
  createdDate: fc.oneof(fc.integer(), fc.constantFrom(null, 1_764_000_000_000, '2026', 1e300)),
  rest: fc.dictionary(key, value, { maxKeys: 4 }),
  beside: fc.dictionary(key, value, { maxKeys: 2 }),
  style,
})

const unsafe = /[\ud800-\udfff\ufffe\uffff]/

/** An event reaches the bus with the data that was sent, in an envelope that EventBridge and SQS take. */
export const envelope = target(
  'envelope',
  input,
  ({ id, docId, createdDate, rest, beside, style }) => {
    const data = { ...rest, id, docId, createdDate, type: 'task.create' }
    const { data: _, ...others } = beside
    const body = Buffer.from(writeJson({ ...others, data }, style))
    // An encoder can write a lone surrogate as an escape only.
    const sent = JSON.parse(body.toString()).data
    const read = decodeEvent('acme', 'task.create', body)
    assert.equal(read.outcome, 'event')
    if (read.outcome !== 'event') return
    const text = envelopeBytes(read.event).toString()
    assert.ok(!unsafe.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')))
    const { data: arrived, ...attributes } = JSON.parse(text)
    assert.deepEqual(finite(arrived), finite(sent))
    assert.equal(attributes.tenantid, 'acme')
    assert.equal(attributes.source, '/ecos/tenants/acme')
    assert.equal(attributes.type, 'task.create')
    assert.match(attributes.id, /^[^\p{Cc}\p{Cs}]{1,256}$/u)
    if (typeof id === 'string' && /^[^\p{Cc}\p{Cs}]{1,256}$/u.test(id))
      assert.equal(attributes.id, sent.id)
    assert.equal(decodeEvent('acme', 'task.create', body).outcome, 'event')
    assert.equal(readId(body), attributes.id)
  },
)

function readId(body: Buffer): string | undefined {
  const again = decodeEvent('acme', 'task.create', body)
  return again.outcome === 'event' ? again.event.id : undefined
}

/** A number that no double holds is a text on the bus: as JSON.parse reads it, infinity or a false zero. */
function finite(value: unknown): unknown {
  if (typeof value === 'string' && /^-?\d[\d.]*([eE][+-]?\d+)?$/.test(value)) {
    const number = Number(value)
    return Number.isFinite(number) && number !== 0 ? value : number
  }
  if (Array.isArray(value)) return value.map(finite)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, finite(item)]))
}

const anyBody = fc.record({
  text: fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.json().map((json) => `{"data":${json}}`),
  ),
  routingKey: fc.constantFrom(undefined, 'task.create', 'record-created', ''),
})

/** Whatever is no event is refused by a name that docs/bad-input.md has. */
export const refusals = target('refusals', anyBody, ({ text, routingKey }) => {
  const read = decodeEvent('acme', routingKey, Buffer.from(text))
  if (read.outcome === 'event') return
  const known =
    /^(empty-body|not-utf8|not-json|not-an-event|no-type|unknown-type|type-mismatch|too-deep)$/
  assert.match(read.reason, known)
})
