import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type EventBridgeClient,
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
import { createBus, createBusClient } from '../../lib/aws/bus/eventbridge.ts'
import { createLeanBus } from '../../lib/aws/bus/lean-eventbridge.ts'
import { eventBridgeClients, openBus } from '../../lib/aws/bus/open-bus.ts'
import type { Bus, BusEntry } from '../../lib/bridge/publish/bus.ts'
import { type Asked, json, scriptedService } from '../support/scripted-service.ts'
import { eventually, runningStack } from '../support/stack.ts'

/** Milliseconds: the tests of answers that do not come wait so long. */
const requestTimeout = 1_500

/** Both ways to the bus keep the same promises: the SDK's own client, and the lean request path. */
const buses: [string, (busName: string, client: EventBridgeClient) => Bus][] = [
  ['createBus', createBus],
  ['createLeanBus', (busName, client) => createLeanBus(busName, client, requestTimeout)],
]

const entry: BusEntry = {
  source: 'ecos.acme',
  detailType: 'task.create',
  detail: Buffer.from('{"a":1}'),
}
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
    const client = createBusClient({
      region: 'eu-central-1',
      endpoint: service.url,
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
      requestTimeout,
      ...config,
    })
    return create(busName, client)
  }

  it('sends each entry as it is', async () => {
    service.answerWith(json({ Entries: [{ EventId: '1' }, { EventId: '2' }] }))
    const detail = '{"big":12345678901234567890,"text":"\\u0007 «Договор» \\"\\\\ 😀 \u2028"}'
    const time = new Date('2026-01-01T00:00:00.123Z')
    const resource = 'arn:ecos:eventbridge:::p07'
    const other = {
      source: 'ecos."b"',
      detailType: 'task.assign',
      detail: Buffer.from(detail),
      time,
      resource,
    }
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
      { source: text, detailType: text, detail: text.map((json) => Buffer.from(json)), time },
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
              Detail: one.detail.toString(),
              ...(one.time && { Time: one.time.getTime() / 1000 }),
            })),
          })
        },
      ),
      { numRuns: 60 },
    )
  }, 300_000)

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
    ['an answer that stops half-way', (response) => void response.write('{"Entries":[')],
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
    300_000,
  )

  it.each([
    ['a failed call', 500, 'InternalException', 'bus-unavailable'],
    ['a refused call', 400, 'ValidationException', 'call-refused'],
  ])('names the request of %s', async (_case, status, __type, code) => {
    service.answerWith(json({ __type }, status, { 'x-amzn-requestid': 'b1946ac9-2492' }))
    await expect(busOn().put(entries(1))).rejects.toMatchObject({
      code,
      message: expect.stringContaining('(request b1946ac9-2492)'),
    })
  })

  it('keeps its connection from call to call, and opens another where it was closed', async () => {
    service.answerWith(json({ Entries: [{ EventId: '1' }] }))
    const bus = busOn()
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    await bus.put(entries(1))
    await turn()
    await bus.put(entries(1))
    const [first, second] = service.asked.map(({ port }) => port)
    expect(second).toBe(first)
    service.answerWith(json({ Entries: [{ EventId: '1' }] }, 200, { connection: 'close' }))
    await turn()
    await bus.put(entries(1))
    await turn()
    await bus.put(entries(1))
    const [, , third, fourth] = service.asked.map(({ port }) => port)
    expect(third).toBe(first)
    expect(fourth).not.toBe(first)
  })

  it('reports a forbidden call as not retryable', async () => {
    service.answerWith(json({ __type: 'AccessDeniedException' }, 400))
    await expect(busOn().put(entries(1))).rejects.toMatchObject({
      code: 'bus-unavailable',
      retryable: false,
    })
  })

  it('signs with new credentials before the old ones expire', async () => {
    service.answerWith(json({ Entries: [{ EventId: '1' }] }))
    const inAnHour = Date.now() + 3_600_000
    const firstExpiration = new Date(inAnHour)
    let renewals = 0
    const credentials = async () => {
      renewals += 1
      const expiration = renewals === 1 ? firstExpiration : new Date(inAnHour)
      const [accessKeyId, sessionToken] = [`AKID${renewals}`, `token${renewals}`]
      return { accessKeyId, secretAccessKey: 'secret', sessionToken, expiration }
    }
    const bus = busOn({ credentials })
    await bus.put(entries(1))
    expect(keyOf(service.asked[0])).toBe('AKID1')
    // The SDK renews credentials five minutes before they expire.
    firstExpiration.setTime(Date.now() + 299_000)
    await eventually(
      () => bus.put(entries(1)),
      () => keyOf(service.asked.at(-1)) === 'AKID2',
    )
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
    await withEnvironment({ AWS_ENDPOINT_URL_EVENTBRIDGE: service.url }, async () => {
      const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' }
      const client = createBusClient({ region: 'eu-west-3', credentials })
      expect(await create('ecos-main', client).put(entries(1))).toEqual([{ status: 'accepted' }])
      expect(service.asked[0]?.headers.authorization).toContain('/eu-west-3/events/aws4_request')
    })
  })

  it('takes credentials from a profile, and from where a container has them', async () => {
    service.answerWith(json({ Entries: [{ EventId: '1' }] }))
    const file = join(tmpdir(), `credentials-${randomUUID()}`)
    await writeFile(file, '[ecos]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = s\n')
    const profile = { AWS_PROFILE: 'ecos', AWS_SHARED_CREDENTIALS_FILE: file }
    await withEnvironment({ ...noCredentials, ...profile }, putOnce)
    const answer = { AccessKeyId: 'AKIDCONTAINER', SecretAccessKey: 's', Token: 't' }
    const container = await listening(
      createServer((_, response) => {
        response.end(JSON.stringify({ ...answer, Expiration: new Date(Date.now() + 3_600_000) }))
      }),
    )
    const uri = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${container.port}/` }
    try {
      await withEnvironment({ ...noCredentials, ...uri }, putOnce)
    } finally {
      container.close()
    }
    expect(service.asked.map(keyOf)).toEqual(['AKIDPROFILE', 'AKIDCONTAINER'])

    async function putOnce() {
      const client = createBusClient({ region: 'eu-central-1', endpoint: service.url })
      await create('ecos-main', client).put(entries(1))
    }
  })

  describe('behind a proxy', () => {
    let proxy: Listening & { readonly asked: { target: string; user: string }[] }
    beforeAll(async () => {
      const asked: { target: string; user: string }[] = []
      const server = createServer()
      server.on('connect', ({ url, headers }, socket) => {
        const [, user = ''] = String(headers['proxy-authorization']).split(' ')
        asked.push({ target: url ?? '', user: Buffer.from(user, 'base64').toString() })
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      })
      proxy = { ...(await listening(server)), asked }
    })
    afterAll(() => proxy.close())
    beforeEach(() => {
      proxy.asked.length = 0
    })

    const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' }
    const put = (config: EventBridgeClientConfig, except = '') =>
      withEnvironment(
        {
          ...{ AWS_ENDPOINT_URL: undefined, AWS_ENDPOINT_URL_EVENTBRIDGE: undefined },
          ...{ https_proxy: undefined, no_proxy: undefined },
          HTTPS_PROXY: `http://bridge:p%40ss@127.0.0.1:${proxy.port}`,
          NO_PROXY: except,
        },
        () => create('ecos-main', createBusClient({ credentials, ...config })).put(entries(1)),
      )

    it.each<[string, EventBridgeClientConfig]>([
      ['events.eu-central-1.amazonaws.com:443', { region: 'eu-central-1' }],
      ['events.cn-north-1.amazonaws.com.cn:443', { region: 'cn-north-1' }],
      ['events-fips.us-east-1.amazonaws.com:443', { region: 'us-east-1', useFipsEndpoint: true }],
      ['events.eu-west-1.api.aws:443', { region: 'eu-west-1', useDualstackEndpoint: true }],
      ['events.us-gov-west-1.amazonaws.com:443', { region: 'us-gov-west-1' }],
      ['vpce-0a.example:8443', { region: 'eu-west-1', endpoint: 'https://vpce-0a.example:8443' }],
    ])('asks it for %s', async (target, config) => {
      await expect(put(config)).rejects.toMatchObject({ code: 'bus-unavailable', retryable: true })
      expect(proxy.asked).toEqual([{ target, user: 'bridge:p@ss' }])
    })

    it('reaches the hosts of NO_PROXY, and those without TLS, directly', async () => {
      let connections = 0
      const server = createTcpServer((socket) => {
        connections += 1
        socket.on('error', () => undefined).destroy()
      })
      const direct = await listening(server)
      const endpoint = `https://localhost:${direct.port}`
      try {
        await expect(
          put({ region: 'eu-west-1', endpoint }, '.amazonaws.com,localhost'),
        ).rejects.toThrow()
      } finally {
        direct.close()
      }
      service.answerWith(json({ Entries: [{ EventId: '1' }] }))
      await put({ region: 'eu-west-1', endpoint: service.url })
      expect(connections).toBeGreaterThan(0)
      expect(proxy.asked).toEqual([])
    })
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
    await eventually(
      () => bus.check().catch(({ code }) => code),
      (code) => code === undefined,
    )
    const detail = { text: 'Согласование «№1» "\\', time: 1 }
    const sent = { ...entry, source: name, detail: Buffer.from(JSON.stringify(detail)) }
    // A busy local AWS may leave a call without an answer in time.
    const results = await eventually(
      () => bus.put([sent]).catch(({ code }) => code),
      (answer) => answer !== 'bus-unavailable',
    )
    expect(results).toEqual([{ status: 'accepted' }])
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
    const code = await eventually(
      () => bus.check().catch((error) => error.code),
      (answer) => answer !== 'bus-unavailable',
    )
    expect(code).toBe('bus-missing')
  })
})

describe.each(eventBridgeClients)('openBus, %s', (client) => {
  it('refuses a global endpoint, which needs another signature', async () => {
    const url = 'https://abcde.veo.endpoint.events.amazonaws.com'
    await withEnvironment({ AWS_ENDPOINT_URL_EVENTBRIDGE: url }, async () => {
      await expect(openBus('ecos-main', client)).rejects.toMatchObject({
        code: 'global-endpoint',
        message: expect.stringContaining('abcde.veo.endpoint.events.amazonaws.com'),
      })
    })
  })
})

/** Where the SDK looks for credentials before the source that a test is about. */
const noCredentials = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
}

async function withEnvironment<Result>(
  variables: Readonly<Record<string, string | undefined>>,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = { ...process.env }
  setAll(variables)
  try {
    return await work()
  } finally {
    setAll(Object.fromEntries(Object.keys(variables).map((name) => [name, before[name]])))
  }
}

function setAll(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}

interface Listening {
  readonly port: number
  close(): void
}

async function listening(server: Server): Promise<Listening> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() }
}

function keyOf(asked: Asked | undefined): string | undefined {
  return /Credential=(\w+)/.exec(asked?.headers.authorization ?? '')?.[1]
}

/** `20260101T000000Z` in milliseconds. */
function timeOf(amzDate: string): number {
  return Date.parse(
    amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  )
}
