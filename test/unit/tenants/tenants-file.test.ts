import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { messageOf } from '../../../lib/errors.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

it('reads a file whose thousands of tenants share one list', () => {
  const others = Array.from({ length: 3000 }, (_, index) => `  t${index}: { events: *all }`)
  const text = ['tenants:', '  first: { events: &all [task.create] }', ...others].join('\n')
  const tenants = parseTenants(text, 'tenants.yml')
  expect(tenants).toHaveLength(3001)
  expect(tenants.at(-1)?.events).toEqual(['task.create'])
}, 300_000)

describe('parseTenants', () => {
  it('reads the tenants.yml of the project', () => {
    const tenants = parseTenants(readFileSync('tenants.yml', 'utf8'), 'tenants.yml')
    expect(tenants.map(({ id }) => id)).toEqual(['local-ecos', 'acme'])
  })

  it('leaves numbers as values of a filter alone', () => {
    const text = `tenants:
  acme:
    locale: en
    wire: "2.0"
    events: [record-changed]
    recordEvents:
      record-changed:
        attributes: [sum?num]
        filter: { t: gt, att: sum?num, val: 200 }
`
    expect(parseTenants(text, 'tenants.yml')[0]?.events2?.interests).toMatchObject({
      'record-changed': { filter: { t: 'gt', att: 'sum?num', val: 200 } },
    })
  })

  it('keeps a quoted number as the tenant id', () => {
    const tenants = parseTenants('tenants: {"007": {}, \'1.10\': {}, 0a: {}}', 'tenants.yml')
    expect(tenants.map(({ id }) => id)).toEqual(['007', '1.10', '0a'])
  })

  it('enables no event type by default', () => {
    expect(parseTenants('tenants:\n  acme:\n', 'tenants.yml')).toEqual([
      { id: 'acme', events: [], locale: 'ru', cell: 'main' },
    ])
  })

  it('reads which tenants ask for the results of their notifications', () => {
    const text = 'tenants: { a: { results: true }, b: { results: false }, c: {} }'
    const tenants = parseTenants(text, 'tenants.yml')
    expect(tenants.map(({ results }) => results)).toEqual([true, undefined, undefined])
    expect(() => parseTenants('tenants: { a: { results: often } }', 'tenants.yml')).toThrow(
      'tenants.yml:1: tenants.a.results',
    )
  })

  it('reads a tenant’s partition: a number, or one of its own', () => {
    const text = 'tenants: { a: { partition: 0 }, b: { partition: own }, c: {} }'
    const partitions = parseTenants(text, 'tenants.yml').map(({ partition }) => partition)
    expect(partitions).toEqual([0, 'own', undefined])
  })

  it('reads where a tenant is going, and at which Amazon MQ broker its queue is', () => {
    const [amazonMq, secret] = [
      'arn:aws:mq:eu-central-1:123456789012:broker:b:b-1',
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:s-1',
    ]
    const text = `brokers: { cloud: { amazonMq: "${amazonMq}", secret: "${secret}" } }
tenants: { a: { broker: cloud }, b: { movingTo: north, partition: 3, wire: "2.0", target: t } }`
    const [a, b] = parseTenants(text, 'tenants.yml')
    expect(a?.broker).toMatchObject({ name: 'cloud', amazonMq, secret })
    expect(b).toMatchObject({ movingTo: 'north', partition: 3, target: 't' })
    for (const field of ['movingTo', 'partition', 'target']) expect(a).not.toHaveProperty(field)
    expect(b).not.toHaveProperty('broker')
  })

  it('drops a repeated type', () => {
    const text = 'tenants:\n  acme:\n    events: [task.create, task.create]\n'
    expect(parseTenants(text, 'tenants.yml')[0]?.events).toEqual(['task.create'])
  })

  it.each([
    ['', 'tenants.yml:1: tenants: '],
    [
      'tenants:\n  "a\\tb":\n',
      'tenants.yml:2: tenants.a\tb: a tenant id has no control characters',
    ],
    [
      'tenants:\n  a:\n    events:\n      - task.create\n      - task.crate\n',
      'tenants.yml:5: tenants.a.events.1: "task.crate" is not',
    ],
    ['tenants:\n  a:\n    events: task.create\n', 'tenants.yml:3: tenants.a.events: '],
    ['tenants:\n  a:\n\n    locle: ru\n', 'tenants.yml:4: tenants.a.locle: there is no such field'],
    ['tenants:\n  a:\n    locale: "?"\n', 'tenants.yml:3: tenants.a.locale: '],
    [
      'tenants:\n  a:\n    webUrl: ecos.example.org\n',
      'tenants.yml:3: tenants.a.webUrl: is not an',
    ],
    [
      'tenants:\n  a:\n    webUrl: https://u:p@ecos.example.org\n',
      'tenants.a.webUrl: is an address w',
    ],
    ['tenants:\n  a:\n    recordUrl: "{webUrl}/card?{ref}"\n', 'tenants.a.recordUrl: has a place'],
    ['tenants:\n  a:\n    recordUrl: "{webUrl}/card"\n', 'tenants.a.recordUrl: has no {recordRef}'],
    [
      'tenants:\n  a:\n    timeZone: MSK\n',
      'tenants.yml:3: tenants.a.timeZone: is not a time zone',
    ],
    ['tenants:\n  a:\n    timeZone: Europe/Moskow\n', 'tenants.a.timeZone: is not a time zone'],
    ['tenants:\n  a:\n    colour: "#abc"\n', 'tenants.a.colour: is not a colour'],
    ['tenants:\n  a:\n    logo: http://a.example/l.png\n', 'tenants.a.logo: is not an https'],
    ['tenants:\n  a:\n    mailFrom: nobody\n', 'tenants.yml:3: tenants.a.mailFrom: has no @'],
    ['tenants:\n  a:\n    cell: Main\n', 'tenants.yml:3: tenants.a.cell: '],
    ['tenants:\n  a:\n    cell: a_b\n', 'tenants.yml:3: tenants.a.cell: '],
    [`tenants:\n  a:\n    cell: ${'a'.repeat(21)}\n`, 'tenants.yml:3: tenants.a.cell: '],
    [
      'tenants:\n  a:\n    cell: north\n    movingTo: north\n',
      "tenants.yml:4: tenants.a.movingTo: is the tenant's own cell",
    ],
    ['tenants:\n  a:\n    movingTo: main\n', 'tenants.yml:3: tenants.a.movingTo: is the'],
    [
      'brokers: {}\ntenants:\n  a:\n    broker: cloud\n',
      'tenants.yml:4: tenants.a.broker: there is no broker "cloud" under brokers',
    ],
    [
      'tenants:\n  a:\n    broker: constructor\n',
      'tenants.yml:3: tenants.a.broker: there is no broker "constructor" under brokers',
    ],
    ['tenants:\n  a:\n    partition: mine\n', 'tenants.yml:3: tenants.a.partition: is neither'],
    ['tenants:\n  a:\n    partition: -1\n', 'tenants.yml:3: tenants.a.partition: is neither'],
    ['tenants:\n  a:\n    partition: 1.5\n', 'tenants.yml:3: tenants.a.partition: is neither'],
    ['tenants:\n  a:\n  a:\n', 'tenants.yml:3: the key a is there twice'],
    ['tenants:\n  a: [\n', 'tenants.yml:3: '],
    ['tenants: {}\n---\ntenants: {}\n', 'tenants.yml:2: a second document begins'],
    [`tenants:\n  ${'a'.repeat(201)}:\n`, 'tenants.yml:2: '],
    [
      'tenants:\n  007: { locale: en }\n',
      `tenants.yml:2: the key of "007: { locale: en }" is not text in YAML; write it in quotes: '007'`,
    ],
    ['tenants:\n  a:\n  1.10:\n', `tenants.yml:3: the key of "1.10:" is not text in YAML`],
    ['tenants: {0x10: {}}\n', `tenants.yml:1: the key of "tenants: {0x10: {}}" is not text`],
    ['tenants:\n  a:\n    wire: 2.0\n    recordEvents: {1: {}}\n', 'tenants.yml:4: the key of'],
    ['tenants:\n  true:\n', "write it in quotes: 'true'"],
    ['tenants:\n  ~:\n', 'tenants.yml:2: the key of "~:" is not text'],
    ['tenants:\n  ? [a]\n  : {}\n', 'tenants.yml:2: the key of "? [a]" is not text'],
    ['tenants:\n  a: *b\n', 'tenants.yml:2: there is no anchor &b before *b'],
    ['tenants: &t\n  a: {}\n  b: *t\n', 'tenants.yml:3: *t stands inside of its own anchor'],
    ['tenants:\n  a: !secret {}\n', 'tenants.yml:2: Unresolved tag: !secret'],
    [
      'tenants:\n  a:\n    x: 1\n    y: 2\n',
      'tenants.yml:3: tenants.a.x: there is no such field\ntenants.yml:4: tenants.a.y: there is no such field',
    ],
    ['tenants:\n  __proto__: {}\n', 'tenants.yml:2: the key __proto__ is reserved'],
  ])('refuses %j, naming file, line and field', (text, message) => {
    expect(() => parseTenants(text, 'tenants.yml')).toThrow(message)
    expect(() => parseTenants(text, 'tenants.yml')).toThrow(
      expect.objectContaining({ code: 'invalid-tenants' }),
    )
  })

  it('names a hundred of thousands of faults: each read is logged', () => {
    const entries = Array.from({ length: 3000 }, (_, at) => `  t${at}: { locle: ru }`)
    const lines: string[] = []
    try {
      parseTenants(`tenants:\n${entries.join('\n')}\n`, 'f')
    } catch (error) {
      lines.push(...messageOf(error).split('\n'))
    }
    expect(lines).toHaveLength(101)
    expect(lines.slice(-2)).toEqual([
      'f:101: tenants.t99.locle: there is no such field',
      '… and 2900 more faults',
    ])
  })

  it('names a hundred faults, and says of no others', () => {
    const entries = Array.from({ length: 100 }, (_, at) => `  t${at}: { locle: ru }`)
    expect(() => parseTenants(`tenants:\n${entries.join('\n')}\n`, 'f')).toThrow(
      /f:101: tenants.t99.locle: there is no such field$/,
    )
  })

  it('names every fault on a line of its own', () => {
    const text = 'tenants:\n  a:\n    cell: A\n  b:\n    cell: B\n'
    expect(() => parseTenants(text, 'f')).toThrow(/^f:3: .*\nf:5: .*$/)
  })
})
