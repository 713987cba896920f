import { execFile } from 'node:child_process'
import { inspect } from 'node:util'
import type { SESv2Client } from '@aws-sdk/client-sesv2'
import type { SNSClient } from '@aws-sdk/client-sns'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Context, SQSEvent } from 'aws-lambda'
import { mailFeedback } from '../../functions/shared/mail-feedback.ts'
import { brokerVariables, parseBrokerSecret } from '../../lib/amqp/address.ts'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { callFailed } from '../../lib/aws/bus/put-events-answer.ts'
import { createOwnPage } from '../../lib/aws/own-page.ts'
import { createSes } from '../../lib/aws/ses.ts'
import { createSns } from '../../lib/aws/sns.ts'
import { createJournal } from '../../lib/bridge/journal.ts'
import { createBridgeMetrics } from '../../lib/bridge/metrics.ts'
import type { Bus } from '../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../lib/bridge/publish/publisher.ts'
import { settleMessage } from '../../lib/bridge/settle-message.ts'
import type { Channel } from '../../lib/channels/channel.ts'
import { createChatChannel } from '../../lib/channels/chat.ts'
import { createEmailChannel } from '../../lib/channels/email.ts'
import { readerTags } from '../../lib/channels/mail-feedback.ts'
import { signOwnLink } from '../../lib/channels/own-link.ts'
import { createPushChannel } from '../../lib/channels/push.ts'
import { createSmsChannel } from '../../lib/channels/sms.ts'
import { createSmtp } from '../../lib/channels/smtp.ts'
import { createTelegramChannel } from '../../lib/channels/telegram.ts'
import { createWebhookChannel } from '../../lib/channels/webhook.ts'
import { readEnvironment } from '../../lib/config.ts'
import { parseBusEvent } from '../../lib/events/bus-event.ts'
import { taskEvent } from '../../lib/events/schemas.ts'
import { createLog } from '../../lib/log.ts'
import { createMetricFields, createMetrics } from '../../lib/metrics/write-metrics.ts'
import { collectFailures } from '../../lib/notifications/collect-failures.ts'
import { handlerMetricsOf, senderMetricsOf } from '../../lib/notifications/metrics.ts'
import { encodeQueued, parseQueued } from '../../lib/notifications/notification.ts'
import { type NotifyPorts, notify } from '../../lib/notifications/notify.ts'
import { pooledUsers } from '../../lib/notifications/recipients.ts'
import { sender } from '../../lib/notifications/sender.ts'
import { createRender } from '../../lib/notifications/templates/render.ts'
import type { QueueMessageKey } from '../../lib/queue-function/message-fields.ts'
import type { MessageHandler, SettledMetrics } from '../../lib/queue-function/ports.ts'
import { queueFunction } from '../../lib/queue-function/queue-function.ts'
import { doublingRetry } from '../../lib/queue-function/retry-wait.ts'
import { type Firebase, startFirebase } from '../../local/receivers/firebase.ts'
import { json, type Server, serve } from '../../local/receivers/server.ts'
import { captured } from '../support/captured.ts'
import { memoryPayloads } from '../support/memory.ts'
import { answer, type MailServer, startMailServer } from './channels/mail-server.ts'
import { MemoryStore, memoryPorts, queued } from './notifications/in-memory.ts'

/** The word in base64 after so many bytes, without the letters that its neighbours change. */
function base64(before: string): string {
  return Buffer.from(`${before}kanarie`)
    .toString('base64')
    .slice(before.length && 4, -4)
}

/** Every personal field and every secret below has one of these in it, or one of them in base64. */
const canaries = new RegExp(
  ['kanarie', '9991234567', ...['', ' ', '  '].map(base64)].join('|'),
  'i',
)
const phone = '+79991234567'
const token = '110201543:kanarie_AAHdqTcvCH1vGWJxfSeofSAs0K5'
const webhookSecret = `whsec_${Buffer.from('kanarie'.repeat(5)).toString('base64')}`
const person = {
  username: 'kanarie-user',
  address: 'kanarie@kanarie.example',
  title: 'kanarie title',
  comment: 'kanarie comment',
}
const data = {
  type: 'task.create',
  id: 'e1',
  taskTitle: person.title,
  taskComment: person.comment,
  initiator: person.username,
  taskPooledUsers: [person.username],
}

/** What a service's error says that quotes the request. */
function quoting(name: string): Error {
  const message = `1 validation error: Value '${JSON.stringify({ ...person, phone, token })}' failed`
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } })
}

const log = createLog()
log.setLogLevel('DEBUG')

/** All that a bridge says of a message, and what it keeps beside the message in the quarantine. */
function bridged(body: string, put: Bus['put'], isStopped = false) {
  return captured(async () => {
    const message = {
      ...{ tenant: 'acme', queue: 'q', exchange: 'tenant.acme.events', routingKey: 'task.create' },
      properties: { headers: { author: person.username, tracestate: `a=${person.title}` } },
      redelivered: false,
      body: Buffer.from(body),
      acknowledge() {},
      deadLetter() {},
      requeue() {},
    }
    const reasons: string[] = []
    const quarantine = { store: async (_: unknown, ...why: string[]) => void reasons.push(...why) }
    const onFailure = (error: Error) => log.warn('EventBridge is failing', { error })
    const metrics = createBridgeMetrics(createMetrics({ cell: 'main' }), log)
    const bus = metrics.watch({ put, check: async () => undefined })
    const publisher = createPublisher(bus, { onFailure })
    const journal = createJournal(log)
    // Nothing is sent again.
    if (isStopped) await publisher.stop()
    const settled = settleMessage(message, {
      publisher,
      quarantine,
      payloads: memoryPayloads(),
      log,
      journal,
    })
    const fate = await settled
    journal.write()
    metrics.onFate('acme', fate)
    metrics.write({ drains: 1 })
    return { fate, reasons }
  })
}

/** All that a function says of a message, and what it writes on a dead letter. */
function handled<Message extends QueueMessageKey>(
  consumer: MessageHandler<Message>,
  body: string,
  metricsOf: SettledMetrics,
) {
  return captured(async () => {
    const said: unknown[] = []
    const attributes = { ApproximateReceiveCount: '9', SentTimestamp: '1764064800000' }
    const record = { messageId: 'm', receiptHandle: 'r', body, attributes }
    const answered = await queueFunction(consumer, {
      log,
      retry: doublingRetry(9, 1),
      metricsOf,
      postpone: () => Promise.reject(new Error('SQS is away')),
      deadLetter: async ({ failure }) => void said.push(failure),
    })(
      { Records: [record] } as unknown as SQSEvent,
      {
        functionName: 'f',
        getRemainingTimeInMillis: () => 30_000,
      } as Context,
    )
    return { answered, said }
  })
}

describe('the bridge', () => {
  const accepts: Bus['put'] = async (batch) => batch.map(() => ({ status: 'accepted' }))
  const refuses: Bus['put'] = async () => {
    const failure = { name: 'ValidationException', status: 400 }
    throw callFailed('ecos', quoting('ValidationException'), failure)
  }
  const fails: Bus['put'] = async (batch) =>
    batch.map(() => ({ status: 'failed', code: 'Throttled' }))
  const whole = JSON.stringify({ data })
  it.each<[string, string, Bus['put']]>([
    ['that bridges a message', whole, accepts],
    ['that reads no JSON', `{"data":{"taskTitle":"${person.title}`, accepts],
    ['that reads no event', JSON.stringify({ data: { ...data, type: person.title } }), accepts],
    ['whose bus refuses the call and quotes it', whole, refuses],
    ['whose bus is away', whole, fails],
  ])('%s says nothing personal', async (_, body, put) => {
    expect(await bridged(body, put, put === fails)).not.toMatch(canaries)
  })
})

describe('a handler', () => {
  const kind = { type: 'task.create', schema: taskEvent, recipients: pooledUsers } as const
  const action = { channel: 'email', address: person.address } as const
  const whose = { tenant: 'acme', username: person.username, eventType: 'task.assign' as const }
  const about = {
    specversion: '1.0',
    id: 'e1',
    source: 'x',
    type: 'task.create',
    tenantid: 'acme',
    datacontenttype: 'application/json',
  }
  const event = (of: unknown) =>
    JSON.stringify({
      source: 'ecos.acme',
      'detail-type': 'task.create',
      detail: { ...about, data: of },
    })
  const failing = (name: string) => () => Promise.reject(quoting(name))
  const { ports } = memoryPorts([])
  const file = 'acme/task.create/any.en.liquid'
  const render = createRender({
    [file]: '{{ event.taskTitle | date_to_xmlschema: event.taskComment }}',
  })
  it.each<[string, string, Partial<NotifyPorts>]>([
    ['that queues a notification', event(data), {}],
    ['that reads no JSON', `{"detail":"${person.title}`, {}],
    ['whose data do not fit', event({ ...data, taskPooledUsers: { x: person.username } }), {}],
    ['whose template fails', event(data), { render }],
    [
      'whose table refuses the content',
      event(data),
      { events: { ...ports.events, find: failing('ValidationException') } },
    ],
    [
      'whose table throttles',
      event(data),
      { events: { ...ports.events, find: () => Promise.reject(new Error('slow down')) } },
    ],
    ['whose queue refuses the text', event(data), { enqueue: failing('InvalidMessageContents') }],
    ['that has a mistake', event(data), { localeOf: () => JSON.parse(person.title) }],
  ])('%s says nothing personal', async (_, body, ways) => {
    const memory = memoryPorts([{ ...whose, actions: [action] }])
    const all = {
      ...memory.ports,
      onLost: (_lost: unknown, reason: string) => log.error(reason),
      ...ways,
    }
    const handler = {
      parse: parseBusEvent,
      handle: (parsed: ReturnType<typeof parseBusEvent>) => notify(kind, parsed, all),
      recordFailure: failing('ValidationException'),
    }
    const metrics = handlerMetricsOf(createMetricFields({ cell: 'main', type: kind.type }))
    const said = await handled(handler, body, metrics)
    expect(said).toContain('"_aws"')
    expect(said).not.toMatch(canaries)
  })

  it('of due notifications that fails names none of what a table quotes', async () => {
    const failures = collectFailures()
    await failures.guard(queued, failing('ValidationException'))
    expect(await captured(async () => failures.throwIfAny())).not.toMatch(canaries)
  })
})

describe('a sender', () => {
  let http: Server
  let mail: MailServer
  let firebase: Firebase
  let status = 200
  beforeAll(async () => {
    http = await serve(({ path, headers, body }) => {
      const error = { message: `${path} ${JSON.stringify(headers)} ${body}`, status: 'INTERNAL' }
      return { status, body: JSON.stringify({ error, description: error.message }) }
    })
    mail = await startMailServer({
      onAuth: ({ username, password }, _, done) => done(answer(535, `${username} ${password}`)),
      onRcptTo: ({ address }, _, done) => done(answer(550, `no such user ${address}`)),
    })
    firebase = await startFirebase()
  })
  afterAll(() => Promise.all([http.close(), mail.close(), firebase.close()]))

  /** All that a sender says of a delivery, and the reasons that it records. */
  async function sent(channel: Channel, name: string, address: string) {
    const store = new MemoryStore()
    const body = { ...queued, channel: name, address, title: person.title, text: person.comment }
    const message = parseQueued(
      encodeQueued({ ...body, html: person.comment, customData: person } as never),
    )
    await store.add({ ...message, username: person.username }, { state: 'WAIT_FOR_DISPATCH' })
    const policy = { tries: 9, firstWaitSeconds: 5, factor: 4, capSeconds: 60, jitter: 0 }
    const consumer = sender({
      ...{ channel, notifications: store, subjects: store, kept: store },
      awaitRate: async () => 'now',
      subscriptions: { switchOff: async () => undefined },
      putOnBus: async () => undefined,
      onUnannounced: () => undefined,
      retry: { ...policy, timeToLiveSeconds: 3600, uncertainRepeats: 2, uncertainWaitSeconds: 60 },
      now: () => new Date(queued.queuedAt),
    })
    const metrics = senderMetricsOf(createMetricFields({ cell: 'main', channel: name as 'email' }))
    const output = await handled(consumer, encodeQueued(message), metrics)
    const reasons = store.all.map(({ reason, deliveries }) => [
      reason,
      deliveries.map((one) => 'reason' in one && one.reason),
    ])
    return output + inspect(reasons, { depth: 9 })
  }

  const answers = [200, 302, 400, 401, 403, 404, 410, 429, 500]
  const webhook = (secret = webhookSecret) =>
    createWebhookChannel({
      secretOf: async () => secret,
      generationOf: async () => ({ generation: 1 }),
      allowPrivate: true,
    })
  const telegram = (apiUrl: string, secret = token) =>
    createTelegramChannel({ apiUrl, tokenOf: async () => secret })
  const push = (secret: string, apiUrl = http.url) =>
    createPushChannel({ apiUrl, accountOf: async () => secret })
  const from = { name: '', address: 'ecos@acme.example' }
  const email = (url: string) =>
    createEmailChannel(
      { from },
      createSmtp(async () => url),
    )
  const account = (more = {}) =>
    JSON.stringify({
      ...JSON.parse(firebase.serviceAccount),
      client_email: person.address,
      ...more,
    })

  it.each(answers)('that is answered %i with all that it sent says nothing of it', async (code) => {
    status = code
    const said = [
      await sent(webhook(), 'webhook', `${http.url}/kanarie?kanarie=1`),
      await sent(telegram(http.url), 'telegram', '9991234567'),
      await sent(createChatChannel(true), 'chat', `${http.url}/kanarie#@kanarie`),
      await sent(push(firebase.serviceAccount), 'push', 'kanarie-device'),
      await sent(push(account({ token_uri: `${http.url}/token` })), 'push', 'kanarie-device'),
    ]
    expect(said.join('\n')).not.toMatch(canaries)
  })

  it('that gets no answer, or has a wrong secret or address, says nothing of them', async () => {
    const away = 'http://127.0.0.1:1'
    const mailAs = (user: string) => email(mail.url.replace('//', `//${user}@`))
    const said = [
      await sent(webhook(), 'webhook', `${away}/kanarie`),
      await sent(webhook('kanarie'), 'webhook', `${away}/kanarie`),
      await sent(webhook(), 'webhook', 'kanarie'),
      await sent(telegram(away), 'telegram', '9991234567'),
      await sent(createChatChannel(true), 'chat', `${away}/kanarie#@kanarie`),
      await sent(createChatChannel(true), 'chat', `${away}/x#kanarie/`),
      await sent(telegram(http.url, 'kanarie token'), 'telegram', '9991234567'),
      await sent(telegram(http.url), 'telegram', 'kanarie of nobody'),
      await sent(push('kanarie'), 'push', 'kanarie'),
      await sent(push(account({ private_key: 'kanarie' })), 'push', 'kanarie'),
      await sent(push(firebase.serviceAccount, away), 'push', 'kanarie'),
      await sent(email(mail.url), 'email', person.address),
      await sent(email(mail.url), 'email', 'kanarie, kanarie'),
      await sent(mailAs('kanarie:kanarie'), 'email', person.address),
      await sent(email('smtp://kanarie:kanarie@127.0.0.1:1'), 'email', person.address),
      await sent(email('smtp://kanarie:ca/kanarie@127.0.0.1:1'), 'email', person.address),
    ]
    expect(said.join('\n')).not.toMatch(canaries)
  })

  it.each(['InvalidParameterException', 'MessageRejected', 'ThrottledException', 'TimeoutError'])(
    'whose AWS answers %s and quotes the call says nothing of it',
    async (name) => {
      const client = {
        config: { region: async () => 'x' },
        send: () => Promise.reject(quoting(name)),
      }
      const ses = createEmailChannel({ from }, createSes(client as unknown as SESv2Client))
      const sms = createSmsChannel(1, createSns(undefined, client as unknown as SNSClient))
      const said = [await sent(ses, 'email', person.address), await sent(sms, 'sms', phone)]
      expect(said.join('\n')).not.toMatch(canaries)
    },
  )
})

describe('the function that hears of bounces', () => {
  const tags = readerTags('acme', person.username).map(({ Name, Value }) => [Name, [Value]])
  const bounced = {
    detail: {
      eventType: 'Bounce',
      bounce: {
        ...{ bounceType: 'Permanent', bounceSubType: 'General' },
        bouncedRecipients: [{ status: '5.1.1', diagnosticCode: `smtp; 550 ${person.address}` }],
      },
      mail: { destination: [person.address], tags: Object.fromEntries(tags) },
    },
  }
  it.each<[string, () => Promise<void>]>([
    ['that switches an address off', async () => undefined],
    [
      'whose table refuses the call and quotes it',
      () => Promise.reject(quoting('ValidationException')),
    ],
    ['that has a mistake', async () => JSON.parse(person.title)],
  ])('%s says nothing personal', async (_, switchOff) => {
    const said = await captured(() => mailFeedback({ switchOff }, log)(bounced))
    expect(said).toContain('switched off')
    expect(said).not.toMatch(canaries)
  })
})

describe('the function of people’s own pages', () => {
  /** In Secrets Manager, by their names. */
  const secrets: Readonly<Record<string, string>> = {
    right: Buffer.from('kanarie'.repeat(5)).toString('base64'),
    wrong: 'kanarie',
  }
  let aws: Server
  beforeAll(async () => {
    aws = await serve(({ headers, body }) => {
      const { SecretId } = JSON.parse(body)
      if (String(headers['x-amz-target']).endsWith('.GetSecretValue')) {
        return json(200, { Name: SecretId, SecretString: secrets[SecretId] })
      }
      return json(400, { __type: 'ValidationException', message: `${body} is wrong` })
    })
    Object.assign(process.env, {
      ...{ AWS_ENDPOINT_URL: aws.url, AWS_REGION: 'eu-central-1' },
      ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    })
  })
  afterAll(() => aws.close())

  const of = { tenant: 'acme', username: person.username, eventType: 'task.assign' } as const
  const issuedAt = Math.floor(Date.now() / 1000)
  const path = (purpose: 'page' | 'unsubscribe') =>
    `/${purpose}/${signOwnLink(secrets['right'] ?? '', { ...of, purpose, issuedAt })}`
  it.each([
    ['whose table refuses the call and quotes it', 'right', path('page'), 503],
    ['whose table refuses it as somebody unsubscribes', 'right', path('unsubscribe'), 503],
    ['that gets a forged link', 'right', '/page/kanarie.kanarie', 403],
    ['whose secret is none', 'wrong', path('page'), 503],
  ])('%s says nothing personal', async (_, secretId, address, status) => {
    const said = await captured(async () => {
      const tenants = { get: async () => ({ version: '1', tenants: [], leaving: [] }) }
      const tables = { subscriptionsTable: 'subscriptions', rateLimitsTable: 'rates' }
      const answered = await createOwnPage({ tenants, secretId, ...tables }, log).request(address)
      return [answered.status, await answered.text()]
    })
    expect(said).toContain(String(status))
    expect(said).not.toMatch(canaries)
  })
})

describe('a command that fails', () => {
  const secretEnvironment = {
    AMQP_URL: 'amqp://kanarie:kanarie@127.0.0.1:1/kanarie',
    AMQP_CA: 'kanarie',
    AWS_ACCESS_KEY_ID: 'kanarie',
    AWS_SECRET_ACCESS_KEY: 'kanarie',
    AWS_SESSION_TOKEN: 'kanarie',
    AWS_REGION: 'eu-central-1',
    // Nobody listens there.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_MAX_ATTEMPTS: '1',
    EVENT_BUS_NAME: 'ecos-main',
    QUARANTINE_QUEUE_URL: 'http://127.0.0.1:1/q',
    TENANTS_FILE: 'tenants.yml',
    CELL: 'main',
  }
  const endpoint = ['--address', 'https://hooks.example/x']
  const commands = [
    ['bridge', 'run'],
    ['bridge', 'unbind', '--tenant', 'acme'],
    ['bridge', 'change-over'],
    ['migrate', 'plan', '--tenant', 'acme'],
    ['doctor'],
    ['doctor', '--json'],
    ['dlq', 'list'],
    ['dlq', 'list', '--json'],
    ['tenants', 'plan'],
    ['tenants', 'apply', '--yes', '--json'],
    [
      'tenants',
      'carry',
      '--tenant',
      'acme',
      '--from-payload-bucket',
      'aaa',
      '--to-payload-bucket',
      'bbb',
    ],
    ['tenants', 'stay', '--tenant', 'acme'],
    ['subscriptions', 'list', '--tenant', 'acme'],
    ['subscriptions', 'rotate-key', '--tenant', 'acme', ...endpoint],
    ['notifications', 'list', '--tenant', 'acme'],
    ['replay', '--tenant', 'acme', '--from', '2h', '--to', '1h'],
  ]
  it.each(commands.map((args) => [args.join(' '), args] as const))(
    '%s names no secret of its environment',
    async (_, args) => {
      const said = await new Promise<string>((resolve) => {
        const env = { PATH: process.env['PATH'], ...secretEnvironment }
        execFile(process.execPath, ['bin/main.ts', ...args], { env }, (error, stdout, stderr) =>
          resolve(`${error?.code} ${stdout}${stderr}`),
        )
      })
      expect(said).toMatch(/^[123] \S/)
      expect(said).not.toMatch(/unknown command|Cannot find|required option/)
      expect(said).not.toMatch(canaries)
    },
  )
})

describe('a broker’s password is not in the error', () => {
  const urls = [
    'amqp://user:kanarie@127.0.0.1:1/',
    'amqps://user:kanarie@127.0.0.1:1/',
    'amqp://user:kanarie%zz@127.0.0.1:1/',
    'amqp://user:ca/kanarie@127.0.0.1:1/',
    'amqp://user:9991234567/x@127.0.0.1:1/',
    // A password that is not percent-encoded: its beginning reads as host and port.
    'amqp://kanarie:9/x@127.0.0.1:1/',
    'amqp://kanarie:9#x@127.0.0.1:1/',
    'amqp://kanarie:9?x@127.0.0.1:1/',
    'http://user:kanarie@127.0.0.1:1/',
    'kanarie',
  ]
  it.each(urls)('of %s', async (url) => {
    const ways = [
      async () => {
        const { AMQP_URL } = readEnvironment(brokerVariables, { AMQP_URL: url })
        await connectBroker(AMQP_URL)
      },
      async () => connectBroker(parseBrokerSecret(url).url),
      async () => connectBroker(parseBrokerSecret(JSON.stringify({ url, ca: 'kanarie' })).url),
    ]
    for (const way of ways) {
      const said = await captured(() => way().catch((error) => log.error('Failed', { error })))
      expect(said).toMatch(/broker-|invalid-/)
      expect(said).not.toMatch(canaries)
    }
  })
})
