import assert from 'node:assert/strict'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { EcosError } from '../../lib/errors.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { parseTenants } from '../../lib/tenants/tenants-file.ts'
import { target } from '../target.ts'

const id = fc.oneof(
  fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/),
  fc.constantFrom(
    '007',
    '1.10',
    'true',
    'null',
    'Отдел №1',
    'a b',
    'constructor',
    '*',
    '~',
    'tenant:x',
  ),
)
const entry = fc.record(
  {
    events: fc.array(fc.constantFrom(...eventTypes), { maxLength: 4 }),
    locale: fc.constantFrom('ru', 'en', 'de-AT'),
    cell: fc.stringMatching(/^[a-z][a-z0-9-]{0,19}$/),
    partition: fc.oneof(fc.nat(20), fc.constant('own' as const)),
    results: fc.boolean(),
  },
  { requiredKeys: [] },
)
const written = fc.record({
  tenants: fc.dictionary(id, entry, { maxKeys: 6 }),
  style: fc.record({
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL'),
    collectionStyle: fc.constantFrom('any', 'flow', 'block'),
    indent: fc.integer({ min: 1, max: 6 }),
  }),
})

/** Tenants are read as they were written, in any style of YAML. */
export const tenantsFile = target('tenants-file', written, ({ tenants, style }) => {
  const text = stringify({ tenants }, {
    ...style,
    defaultKeyType: 'QUOTE_DOUBLE',
    aliasDuplicateObjects: false,
  } as object)
  const read = parseTenants(text, 'tenants.yml')
  assert.deepEqual(read.map((tenant) => tenant.id).sort(), Object.keys(tenants).sort())
  for (const { id, events, locale, cell, partition, results } of read) {
    const sent = tenants[id] ?? {}
    assert.deepEqual(events, [...new Set(sent.events ?? [])])
    assert.deepEqual([locale, cell], [sent.locale ?? 'ru', sent.cell ?? 'main'])
    assert.deepEqual([partition, results ?? false], [sent.partition, sent.results ?? false])
  }
})

const valid =
  'tenants:\n  acme:\n    events: [task.create]\n    locale: en\n  "007": {partition: own}\n'
const pieces = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ' ',
  '\n',
  '\t',
  '&a',
  '*a',
  '<<: *a',
  '!!js',
  '"',
  '#',
  '- ',
  '?',
  '|',
  '0x',
  '__proto__',
  '...',
  '---',
  '%',
  '\u0000',
  'null',
]
const damage = fc.array(
  fc.record({
    at: fc.nat(valid.length),
    cut: fc.nat(6),
    put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })),
  }),
  { minLength: 1, maxLength: 4 },
)

/** A damaged file is read, or refused with file and line for each fault; nothing else is thrown. */
export const damagedTenants = target('damaged-tenants', damage, (damages) => {
  const text = damages.reduce(
    (all, { at, cut, put }) => all.slice(0, at) + put + all.slice(at + cut),
    valid,
  )
  try {
    for (const { id, events } of parseTenants(text, 'tenants.yml')) {
      assert.ok(typeof id === 'string' && id !== '__proto__')
      assert.ok(events.every((type) => eventTypes.includes(type)))
    }
  } catch (error) {
    assert.ok(error instanceof EcosError && error.code === 'invalid-tenants', String(error))
    for (const line of error.message.split('\n')) assert.match(line, /^tenants\.yml:\d+: /)
  }
})
