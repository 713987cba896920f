import { describe, expect, it } from '@jest/globals'
import { brokerEntry, brokerName } from '../../../lib/tenants/brokers.ts'

const amazonMq = 'arn:aws:mq:eu-central-1:123456789012:broker:My_broker-1:b-1234-ab'
const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:mq/user_1+=.@-AbCdEf'

function problemsOf(more: Record<string, unknown>): unknown {
  const { error } = brokerEntry.safeParse({ amazonMq, secret, ...more })
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('a broker of Amazon MQ', () => {
  it('has its ARN, a secret, and the virtual host / by default', () => {
    expect(brokerEntry.parse({ amazonMq, secret })).toEqual({ amazonMq, secret, virtualHost: '/' })
    const virtualHost = '/ecos*:_+=.@-9'
    expect(brokerEntry.parse({ amazonMq, secret, virtualHost })).toMatchObject({ virtualHost })
  })

  it.each([['aws-cn'], ['aws-us-gov']])('may be in the partition %s', (partition) => {
    const [there, with_] = [amazonMq, secret].map((arn) => arn.replace('aws', partition))
    expect(problemsOf({ amazonMq: there, secret: with_ })).toBeUndefined()
  })

  it.each([
    ['amazonMq', secret, 'is not the ARN of an Amazon MQ broker'],
    ['amazonMq', `x${amazonMq}`, 'is not the ARN of an Amazon MQ broker'],
    ['amazonMq', `${amazonMq} `, 'is not the ARN of an Amazon MQ broker'],
    ['amazonMq', amazonMq.replace('9012', '901'), 'is not the ARN of an Amazon MQ broker'],
    ['amazonMq', amazonMq.replace(':b-', ':c-'), 'is not the ARN of an Amazon MQ broker'],
    ['secret', amazonMq, 'is not the ARN of a secret'],
    ['secret', `x${secret}`, 'is not the ARN of a secret'],
    ['secret', `${secret} `, 'is not the ARN of a secret'],
    ['secret', secret.replace('9012', '90123'), 'is not the ARN of a secret'],
    ['secret', `${secret}${'a'.repeat(200)}`, 'Too big'],
    ['virtualHost', '', 'is not a virtual host that Lambda accepts'],
    ['virtualHost', 'a b', 'is not a virtual host that Lambda accepts'],
    ['virtualHost', '/'.repeat(201), 'Too big'],
    ['user', 'x', 'Unrecognized key'],
  ])('has no %s that is %j', (field, value, problem) => {
    expect(problemsOf({ [field]: value })).toEqual([expect.stringContaining(problem)])
  })

  it('has a secret and a virtual host of at most 200 characters', () => {
    expect(problemsOf({ secret: secret.padEnd(200, 'x') })).toBeUndefined()
    expect(problemsOf({ virtualHost: '/'.repeat(200) })).toBeUndefined()
  })

  it.each(['a', 'cloud-2', 'a'.repeat(64)])('may be called %s', (name) => {
    expect(brokerName.parse(name)).toBe(name)
  })

  it.each(['', 'A', '1a', '-a', 'a_b', 'a'.repeat(65)])('is not called %j', (name) => {
    expect(brokerName.safeParse(name).error?.issues[0]?.message).toMatch(/^a broker name has up to/)
  })
})
