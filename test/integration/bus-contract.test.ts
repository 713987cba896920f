import { randomUUID } from 'node:crypto'
import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createBus } from '../../lib/aws/bus/eventbridge.ts'
import { createLeanBus } from '../../lib/aws/bus/lean-eventbridge.ts'
import type { BusEntry } from '../../lib/bridge/publish/bus.ts'
import { type Asked, json, scriptedService } from '../support/scripted-service.ts'
import { eventually, runningStack } from '../support/stack.ts'

/** Both ways to the bus keep the same promises: the SDK's own client, and the lean request path. */
const buses = [
  ['createBus', createBus],
  ['createLeanBus', createLeanBus],
] as const

const entry: BusEntry = { source: 'ecos.acme', detailType: 'task.create', detail: '{"a":1}' }
const entries = (count: number) => Array<BusEntry>(count).fill(entry)

describe.each(buses)('%s', (_, create) => {
  let service: Awaited<ReturnType<typeof scriptedService>>
  beforeAll(async () => {
    service = await scriptedService()
  })
  afterAll(() => service.close())
  beforeEach(() => {
    service.asked.length = 0
  })

  function busOn(config: EventBridgeClientConfig = {}, busName = 'ecos-main') {
    const client = new EventBridgeClient({
      region: 'eu-central-1',
      endpoint: service.url,
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
      maxAttempts: 1,
      requestHandler: { requestTimeout: 4_000, throwOnRequestTimeout: true },
      ...config,
    })
    return create(busName, client)
  }

  it('sends each entry as it is', async () => {
    service.answerWith(json({ Entries: [{ EventId: '1' }, { EventId: '2' }] }))
    const detail = '{"big":12345678901234567890,"text":"\\u0007 «Договор» \\"\\\\ 😀 \u2028"}'
    const time = new Date('2026-01-01T00:00:00.123Z')
    const resource = 'arn:ecos:eventbridge:::p07'
    const other = { source: 'ecos."b"', detailType: 'task.assign', detail, time, resource }
    await busOn().put([entry, other])
    const [asked] = service.asked
    expect(asked?.headers).toMatchObject({
      'x-amz-target': 'AWSEvents.PutEvents',
      'content-type': 'application/x-amz-json-1.1',
    })
    expect(asked?.body).toEqual({
      Entries: [
        {
          EventBusName: 'ecos-main',
          Source: 'ecos.acme',
          DetailType: 'task.create',
          Detail: '{"a":1}',
        },
        {
          EventBusName: 'ecos-main',
          Source: 'ecos."b"',
          DetailType: 'task.assign',
          Detail: detail,
          Time: 1767225600.123,
          Resources: [resource],
        },
      ],
    })
  })

  it('sends every field of any entry as it is, and nothing beside', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'x","Source":"ecos.other","DetailType":"task.create',
        '\ud800"',
        '"}]}',
        '\\',
      ),
    )
    const time = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
    const entry = fc.record(
      { source: text, detailType: text, detail: text, time },
      { requiredKeys: ['source', 'detailType', 'detail'] },
    )
    service.answerWith((response, { body }) =>
      json({ Entries: body.Entries.map(() => ({ EventId: '1' })) })(response, body),
    )
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(entry, { minLength: 1, maxLength: 10 }),
        async (name, sent) => {
          const results = await busOn({}, name || 'ecos-main').put(sent)
          expect(results).toHaveLength(sent.length)
          expect(service.asked.at(-1)?.body).toEqual({
            Entries: sent.map((one) => ({
              EventBusName: name || 'ecos-main',
              Source: one.source,
              DetailType: one.detailType,
              Detail: one.detail,
              ...(one.time && { Time: one.time.getTime() / 1000 }),
            })),
          })
        },
      ),
      { numRuns: 60 },
    )
  }, 30_000)

  it('tells the result of each entry by its place', async () => {
    service.answerWith(
      json({
        FailedEntryCount: 3,
        Entries: [
          { EventId: '1' },
          { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' },
          { ErrorCode: 'MalformedDetail', ErrorMessage: 'odd' },
          {},
        ],
      }),
    )
    expect(await busOn().put(entries(5))).toEqual([
      { status: 'accepted' },
      { status: 'failed', code: 'ThrottlingException' },
      { status: 'refused', code: 'MalformedDetail' },
      { status: 'failed', code: 'no-event-id' },
    ])
  })

  it.each([
    [
      'a ValidationException',
      json({ __type: 'com.amazon.coral.validate#ValidationException', message: 'odd' }, 400),
    ],
    [
      'an error named in a header',
      json({}, 400, { 'x-amzn-errortype': 'ValidationException:http://internal.amazon.com/' }),
    ],
    ['a call that is too large', json({ __type: 'Other', message: 'too large' }, 413)],
  ])('says call-refused to %s', async (_case, answer) => {
    service.answerWith(answer)
    await expect(busOn().put(entries(1))).rejects.toMatchObject({
      code: 'call-refused',
      retryable: false,
    })
    expect(service.asked).toHaveLength(1)
  })

  it.each<[string, Parameters<typeof service.answerWith>[0]]>([
    ['a throttled call', json({ __type: 'ThrottlingException', message: 'slow down' }, 400)],
    ['a failure of the service', json({ __type: 'InternalException' }, 500)],
    ['a page of a proxy', (response) => void response.writeHead(503).end('<html>')],
    ['an answer that is no JSON', (response) => void response.end('{"Entries":[')],
    ['a connection that is reset', (response) => void response.destroy()],
    ['an answer that never comes', () => undefined],
  ])(
    'says bus-unavailable, once, to %s',
    async (_case, answer) => {
      service.answerWith(answer)
      await expect(busOn().put(entries(1))).rejects.toMatchObject({
        code: 'bus-unavailable',
        retryable: true,
      })
      expect(service.asked).toHaveLength(1)
    },
    15_000,
  )

  it('reports a forbidden call as not retryable', async () => {
    service.answerWith(json({ __type: 'AccessDeniedException' }, 400))
    await expect(busOn().put(entries(1))).rejects.toMatchObject({
      code: 'bus-unavailable',
      retryable: false,
    })
  })

  it('signs with new credentials before the old ones expire', async () => {
    service.answerWith(json({ Entries: [{ EventId: '1' }] }))
    // The SDK renews credentials five minutes before they expire.
    const expirations = [Date.now() + 301_000, Date.now() + 3_600_000]
    let renewals = 0
    const credentials = async () => {
      const expiration = new Date(expirations[renewals] ?? 0)
      renewals += 1
      const [accessKeyId, sessionToken] = [`AKID${renewals}`, `token${renewals}`]
      return { accessKeyId, secretAccessKey: 'secret', sessionToken, expiration }
    }
    const bus = busOn({ credentials })
    await eventually(
      () => bus.put(entries(1)),
      () => keyOf(service.asked.at(-1)) === 'AKID2',
    )
    expect(keyOf(service.asked[0])).toBe('AKID1')
    expect(service.asked.at(-1)?.headers['x-amz-security-token']).toBe('token2')
  })

  it('goes by the clock of the service when its own is wrong', async () => {
    const ahead = 3_600_000
    const date = new Date(Date.now() + ahead).toUTCString()
    const expired = { __type: 'InvalidSignatureException', message: 'Signature expired' }
    service.answerWith(json(expired, 403, { date }))
    const bus = busOn()
    await expect(bus.put(entries(1))).rejects.toMatchObject({ code: 'bus-unavailable' })
    service.answerWith(json({ Entries: [{ EventId: '1' }] }, 200, { date }))
    await bus.put(entries(1))
    const times = service.asked.map(({ headers }) => timeOf(String(headers['x-amz-date'])))
    const [first = 0, second = 0] = times
    expect(Math.round((second - first) / 60_000)).toBe(60)
  })

  it('finds the endpoint where the environment has it', async () => {
    service.answerWith(json({ Entries: [{ EventId: '1' }] }))
    process.env['AWS_ENDPOINT_URL_EVENTBRIDGE'] = service.url
    try {
      const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' }
      const client = new EventBridgeClient({ region: 'eu-west-3', credentials })
      expect(await create('ecos-main', client).put(entries(1))).toEqual([{ status: 'accepted' }])
      expect(service.asked[0]?.headers.authorization).toContain('/eu-west-3/events/aws4_request')
    } finally {
      delete process.env['AWS_ENDPOINT_URL_EVENTBRIDGE']
    }
  })

  it('puts events onto a bus of the local AWS, from where its rules take them', async () => {
    const { cloud } = runningStack()
    const name = `contract-${randomUUID()}`
    const busName = 'default'
    const { QueueUrl } = await cloud.sqs.send(new CreateQueueCommand({ QueueName: name }))
    const attributes = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] })
    const { Attributes } = await cloud.sqs.send(attributes)
    await cloud.eventBridge.send(
      new PutRuleCommand({
        Name: name,
        EventBusName: busName,
        EventPattern: JSON.stringify({ source: [name] }),
      }),
    )
    await cloud.eventBridge.send(
      new PutTargetsCommand({
        Rule: name,
        EventBusName: busName,
        Targets: [{ Id: 'queue', Arn: Attributes?.['QueueArn'] }],
      }),
    )
    const bus = create(busName, cloud.eventBridge)
    await bus.check()
    const detail = { text: 'Согласование «№1» "\\', time: 1 }
    const sent = { ...entry, source: name, detail: JSON.stringify(detail) }
    expect(await bus.put([sent])).toEqual([{ status: 'accepted' }])
    const received = await eventually(
      () => cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl })),
      ({ Messages = [] }) => Messages.length > 0,
    )
    expect(JSON.parse(received.Messages?.[0]?.Body ?? '')).toMatchObject({
      source: name,
      'detail-type': 'task.create',
      detail,
    })
  })

  it('finds out that there is no such bus', async () => {
    const bus = create('nowhere', runningStack().cloud.eventBridge)
    await expect(bus.check()).rejects.toMatchObject({ code: 'bus-missing' })
  })
})

function keyOf(asked: Asked | undefined): string | undefined {
  return /Credential=(\w+)/.exec(asked?.headers.authorization ?? '')?.[1]
}

/** `20260101T000000Z` in milliseconds. */
function timeOf(amzDate: string): number {
  return Date.parse(
    amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )
}
