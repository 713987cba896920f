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
