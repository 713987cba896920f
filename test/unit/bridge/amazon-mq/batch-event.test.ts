import { describe, expect, it } from '@jest/globals'
import { parseBatch, tenantsByQueue } from '../../../../lib/bridge/amazon-mq/batch-event.ts'
import { noTenant } from '../../../../lib/bridge/bridge-queue.ts'
import { parseTenants } from '../../../../lib/tenants/tenants-file.ts'

const [arn, otherArn] = ['one', 'two'].map(
  (name) => `arn:aws:mq:eu-central-1:123456789012:broker:${name}:b-9bcfa592-423a`,
)
const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:mq-AbCdEf'
const tenants = tenantsByQueue(
  parseTenants(
    `brokers:
  one: { amazonMq: "${arn}", secret: "${secret}" }
  two: { amazonMq: "${otherArn}", secret: "${secret}", virtualHost: ecos }
tenants:
  acme: { broker: one }
  other: { broker: two }
  drained: {}
`,
    'tenants.yml',
  ),
)

function batch(source: string, eventSourceArn = arn) {
  const message = {
    // As in AWS's example of such an event.
    basicProperties: {
      contentType: 'text/plain',
      contentEncoding: null,
      headers: { header1: { bytes: [118, 97, 108, 117, 101, 49] }, numberInHeader: 10 },
      deliveryMode: 1,
      timestamp: 'Jan 1, 1970, 12:33:41 AM',
    },
    redelivered: true,
    data: Buffer.from('{"data":{}}').toString('base64'),
  }
  return { eventSource: 'aws:rmq', eventSourceArn, rmqMessagesByQueue: { [source]: [message] } }
}

describe('a batch', () => {
  it('is read as the messages of the queue, with the properties that they have', () => {
    expect(parseBatch(batch('tenant.acme.eventbridge::/'), tenants)).toEqual([
      {
        tenant: 'acme',
        queue: 'tenant.acme.eventbridge',
        properties: {
          contentType: 'text/plain',
          headers: { header1: 'value1', numberInHeader: 10 },
          deliveryMode: 1,
          timestamp: 'Jan 1, 1970, 12:33:41 AM',
        },
        redelivered: true,
        body: Buffer.from('{"data":{}}'),
      },
    ])
  })

  it.each([
    ['tenant.acme.eventbridge::/', arn, 'acme'],
    ['tenant.other.eventbridge::ecos', otherArn, 'other'],
    ['tenant.other.eventbridge::/', otherArn, noTenant],
    ['tenant.acme.eventbridge::/', otherArn, noTenant],
    ['tenant.drained.eventbridge::/', arn, noTenant],
    ['tenant.nobody.eventbridge::/', arn, noTenant],
    ['orders::/', arn, noTenant],
  ])('out of %s of %s is of the tenant %s', (source, eventSourceArn, tenant) => {
    const [message] = parseBatch(batch(source, eventSourceArn), tenants)
    expect(message).toMatchObject({ tenant, queue: source.split('::')[0] })
  })

  it('may have a message without a body', () => {
    const event = {
      eventSource: 'aws:rmq',
      eventSourceArn: arn,
      rmqMessagesByQueue: { 'q::/': [{ redelivered: false }] },
    }
    expect(parseBatch(event, tenants)).toMatchObject([{ properties: {}, body: Buffer.of() }])
  })

  it.each<[unknown, unknown]>([
    [null, {}],
    [undefined, {}],
    [{ headers: null, type: null, priority: 0 }, { priority: 0 }],
    [{ headers: 'text' }, { headers: 'text' }],
    [
      { headers: { empty: { bytes: [] }, none: null, table: { bytes: ['a'] }, other: { b: [1] } } },
      { headers: { empty: '', none: null, table: { bytes: ['a'] }, other: { b: [1] } } },
    ],
    // A property that is no header is not decoded.
    [{ messageId: { of: { bytes: [49] } } }, { messageId: { of: { bytes: [49] } } }],
  ])('with the properties %j has %j', (basicProperties, properties) => {
    const event = {
      eventSource: 'aws:rmq',
      eventSourceArn: arn,
      rmqMessagesByQueue: { 'q::/': [{ redelivered: false, basicProperties }] },
    }
    expect(parseBatch(event, tenants)).toMatchObject([{ properties }])
    expect(parseBatch(event, tenants)[0]?.properties).toEqual(properties)
  })

  it('has the messages of all its queues, in their order', () => {
    const [one, two] = [batch('tenant.acme.eventbridge::/'), batch('a::b::ecos')]
    const rmqMessagesByQueue = { ...one.rmqMessagesByQueue, ...two.rmqMessagesByQueue }
    const messages = parseBatch({ ...one, rmqMessagesByQueue }, tenants)
    expect(messages.map(({ queue }) => queue)).toEqual(['tenant.acme.eventbridge', 'a::b'])
  })

  it.each([
    [{}, 'eventSource, eventSourceArn, rmqMessagesByQueue'],
    [null, 'the event'],
    [{ ...batch('q::/'), eventSource: 'aws:amq' }, 'eventSource'],
  ])('that is none is refused: %j', (event, fields) => {
    expect(() => parseBatch(event, tenants)).toThrow(
      expect.objectContaining({ code: 'invalid-batch', message: expect.stringContaining(fields) }),
    )
  })
})
