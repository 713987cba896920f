import { describe, expect, it } from '@jest/globals'
import { differenceOf, isEmpty } from '../../../lib/tenants/difference.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const between = (before: string, after: string) =>
  differenceOf(parseTenants(before, 'before'), parseTenants(after, 'after'))

const brokers = `brokers:
  cloud: { amazonMq: "arn:aws:mq:eu-central-1:123456789012:broker:b:b-1", secret: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:s-1" }
`

describe('differenceOf', () => {
  it('names tenants that come, go and change, with their fields', () => {
    const difference = between(
      'tenants: { same: , gone: , a: { locale: en, wire: "1.0" }, b: { partition: 3 } }',
      'tenants: { new: , b: , a: { locale: ru, wire: "2.0", target: t }, same: }',
    )
    expect(difference).toEqual({
      added: ['new'],
      removed: ['gone'],
      changed: [
        { id: 'b', fields: ['partition'] },
        { id: 'a', fields: ['locale', 'target', 'wire or recordEvents'] },
      ],
      deploy: [],
    })
    expect(isEmpty(difference)).toBe(false)
  })

  it('finds none between two orders of the same tenants', () => {
    expect(
      isEmpty(between('tenants: { a: , b: { locale: en } }', 'tenants: { b: { locale: en }, a: }')),
    ).toBe(true)
  })

  const [rules, source] = [
    'a has rules of its own',
    'Lambda consumes the queue of a at an Amazon MQ broker',
  ]
  it.each([
    [
      'a tenant with rules of its own comes',
      'tenants: {}',
      'tenants: { a: { partition: own, events: [task.create] } }',
      rules,
    ],
    ['it goes', 'tenants: { a: { partition: own, events: [task.create] } }', 'tenants: {}', rules],
    [
      'it gets a type',
      'tenants: { a: { partition: own, events: [] } }',
      'tenants: { a: { partition: own, events: [task.create] } }',
      rules,
    ],
    [
      'a tenant gets rules of its own',
      'tenants: { a: }',
      'tenants: { a: { partition: own } }',
      rules,
    ],
    [
      'a tenant goes to an Amazon MQ broker',
      `${brokers}tenants: { a: }`,
      `${brokers}tenants: { a: { broker: cloud } }`,
      source,
    ],
  ])('asks for a deployment where %s', (_, before, after, reason) => {
    expect(between(before, after).deploy).toEqual([reason])
  })

  it('asks for none where a tenant shares its rules', () => {
    expect(
      between(
        'tenants: { a: { partition: 1 } }',
        'tenants: { a: { partition: 2, events: [task.create] }, b: }',
      ).deploy,
    ).toHaveLength(0)
  })
})
