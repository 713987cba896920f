import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createBus, createBusClient } from '../../lib/aws/bus/eventbridge.ts'
import { channelNames } from '../../lib/channels/channel.ts'
import { retryPolicyVariable } from '../../lib/channels/retry-policy.ts'
import { chunks } from '../../lib/chunks.ts'
import { eventTypes } from '../../lib/events/catalogue.ts'
import { resultEvents } from '../../lib/notifications/result-event.ts'
import { doubling, retryWait } from '../../lib/queue-function/retry-wait.ts'
import { kebab, pascal } from '../../lib/tenants/names.ts'
import { partitionArn, partitionOf } from '../../lib/tenants/partition.ts'
import { planRules } from '../../lib/tenants/partition-rules.ts'
import { countResources } from '../../lib/tenants/plan.ts'
import { deployToMoto, type MotoStack, unknownToMoto } from '../support/moto.ts'

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape.
type Json = any

/** The maxReceiveCount of each queue. */
const queues: [string, number][] = [
  ...eventTypes.map((type): [string, number] => [pascal(type), 120]),
  ['Email', 130],
  ['Webhook', 138],
  ['Telegram', 127],
  ['Chat', 127],
  ['Push', 127],
  ['Sms', 127],
]
/** SNS asks for no secret, and a chat's address is one. */
const withSecret = channelNames.filter((channel) => channel !== 'sms' && channel !== 'chat')
let folder: string
interface Resource {
  readonly Type: string
  readonly DependsOn?: readonly string[]
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly Properties: Json
}
let resources: Record<string, Resource>

/** What an operator's shell may hold when a package is made. */
const secrets = {
  AMQP_URL: 'amqp://kanarie:kanarie@broker.example',
  SMTP_URL: 'smtp://kanarie:kanarie@mail.example',
  TELEGRAM_TOKEN: '110201543:kanarie',
  NPM_TOKEN: 'kanarie',
}
const offline = {
  ...process.env,
  ...secrets,
  NODE_OPTIONS: '',
  AWS_ACCESS_KEY_ID: '',
  AWS_SECRET_ACCESS_KEY: '',
}

function readTemplate(from: string): Promise<string> {
  return readFile(join(from, 'cloudformation-template-update-stack.json'), 'utf8')
}

/** Packages the template that users deploy, without an account or a network. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecos-template-'))
  await promisify(execFile)('osls', ['package', '--package', folder], { env: offline })
  resources = JSON.parse(await readTemplate(folder)).Resources
  // Bounds a hook that hangs.
}, 300_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

function ofType(type: string) {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type)
}

function properties(logicalId: string): Json {
  return resources[logicalId]?.Properties
}

function arnOf(logicalId: string) {
  return { 'Fn::GetAtt': [logicalId, 'Arn'] }
}

function statementsOf(role: string): Json[] {
  return properties(role).Policies[0].PolicyDocument.Statement
}

/** The function that a queue feeds. */
function functionOf(queue: string): string {
  const [, mapping] = ofType('AWS::Lambda::EventSourceMapping').find(
    ([, { Properties }]) => Properties.EventSourceArn['Fn::GetAtt'][0] === `${queue}Queue`,
  ) ?? ['', undefined]
  return mapping?.Properties.FunctionName['Fn::GetAtt'][0]
}

function roleOf(queue: string): Json[] {
  return properties(properties(functionOf(queue)).Role['Fn::GetAtt'][0]).Policies
}

function ourRules(type: string): string {
  return `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/ecos-main/${type}.*`
}

/** The path of cfn-lint, which `npm test` installs. */
const cfnLint = process.env['CFN_LINT']

/** The program of the Serverless Framework 3, which `npm test` installs. */
const serverless3 = process.env['SERVERLESS_3']

/** The path of moto_server, which `npm test` installs. */
const motoServer = process.env['MOTO_SERVER']

/** The time in an artifact's S3 key. */
const packagedAt = /\d{13}-[\dT:.-]+Z/g

describe('the packaged template', () => {
  const itWithCfnLint = cfnLint === undefined ? it.skip : it
  itWithCfnLint(
    'conforms to the schemas of its resources',
    async () => {
      // W3005: osls adds a DependsOn on each function's role, which the function refers to anyway.
      const options = ['--regions', 'eu-central-1', '--ignore-checks', 'W3005']
      const file = join(folder, 'cloudformation-template-update-stack.json')
      const args = [...options, '--format', 'parseable', '--', file]
      // Findings make it exit with a code other than 0.
      const findings = await promisify(execFile)(cfnLint ?? '', args).then(
        ({ stdout }) => stdout,
        ({ stdout, message }) => stdout || message,
      )
      expect(findings).toBe('')
    },
    300_000,
  )

  const itWithServerless3 = serverless3 === undefined ? it.skip : it
  itWithServerless3(
    'is the same when the original Serverless Framework 3 packages it',
    async () => {
      const original = join(folder, 'serverless-3')
      const args = [serverless3 ?? '', 'package', '--package', original]
      await promisify(execFile)('node', args, { env: offline })
      const templates = await Promise.all([folder, original].map(readTemplate))
      const [ours, theirs] = templates.map((text) =>
        JSON.parse(text.replaceAll(packagedAt, 'TIME')),
      )
      expect(theirs).toEqual(ours)
    },
    300_000,
  )

  const itWithMoto = motoServer === undefined ? it.skip : it
  itWithMoto(
    'is created by moto, as far as moto knows its resources',
    async () => {
      const template = JSON.parse(await readTemplate(folder))
      await deployToMoto(motoServer ?? '', template, async ({ status, types, config }) => {
        expect(status).toBe('CREATE_COMPLETE')
        const expected = Object.entries(resources).flatMap(([id, { Type }]) =>
          unknownToMoto.has(Type) || Type === 'AWS::Events::Archive' || /^ServerlessDep/.test(id)
            ? []
            : [Type],
        )
        expect(types.sort()).toEqual(expected.sort())
        expect(await routedInMoto(config)).toEqual(
          Object.fromEntries(eventTypes.map((type) => [type, [type]])),
        )
      })
    },
    300_000,
  )

  /** Puts an event of each type of the tenant acme onto the bus. @returns by type, what its queue has got */
  async function routedInMoto(config: MotoStack['config']): Promise<Record<string, string[]>> {
    const bus = createBus('ecos-main', createBusClient(config))
    const resource = partitionArn(partitionOf({ id: 'acme' }, 16))
    const entryOf = (detailType: string) => ({
      source: 'ecos.acme',
      detailType,
      detail: Buffer.from('{}'),
      resource,
    })
    // PutEvents takes ten entries.
    for (const some of chunks([...eventTypes, 'unknown.type'], 10)) await bus.put(some.map(entryOf))
    const sqs = new SQSClient(config)
    const routed = eventTypes.map(async (type) => {
      const QueueName = `ecos-main-${kebab(type)}`
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }))
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 })
      const { Messages = [] } = await sqs.send(command)
      return [type, Messages.map(({ Body = '' }) => JSON.parse(Body)['detail-type'])]
    })
    return Object.fromEntries(await Promise.all(routed))
  }

  it('has as many resources as the plan counts', () => {
    const rules = planRules([], 16)
    expect(Object.keys(resources)).toHaveLength(countResources({ rules, sources: [] }))
  })

  it('is the same for one tenant and for a thousand', async () => {
    await mkdir('.local', { recursive: true })
    const file = join('.local', `tenants-${process.pid}.yml`)
    const packaged: unknown[] = []
    try {
      for (const count of [1, 1_000]) {
        const entries = Array.from({ length: count }, (_, index) => [
          `tenant-${index}`,
          { locale: 'en', events: index % 2 ? eventTypes : ['task.create'], partition: index % 16 },
        ])
        await writeFile(file, JSON.stringify({ tenants: Object.fromEntries(entries) }))
        const at = join(folder, `tenants-${count}`)
        const args = ['package', '--package', at, `--param=tenantsFile=${file}`]
        await promisify(execFile)('osls', args, { env: offline })
        packaged.push(JSON.parse((await readTemplate(at)).replaceAll(packagedAt, 'TIME')))
      }
    } finally {
      await rm(file, { force: true })
    }
    expect(packaged[1]).toEqual(packaged[0])
  }, 300_000)

  it('sends one Telegram message a second to a person, as Telegram asks', () => {
    const { Environment } = properties('SendTelegramLambdaFunction')
    expect(Environment.Variables.TELEGRAM_CHAT_PER_SECOND).toBe('1')
  })

  it('posts one message a second to a chat webhook, as Slack asks, and 14 mails of a tenant', () => {
    const ofChat = properties('SendChatLambdaFunction').Environment.Variables
    expect(ofChat.CHAT_WEBHOOK_PER_SECOND).toBe('1')
    const ofEmail = properties('SendEmailLambdaFunction').Environment.Variables
    expect(ofEmail.DELIVERIES_PER_SECOND).toBe('14')
  })

  it('routes each partition and event type to the queue of the type, in the message group of the partition', () => {
    const shared = Array.from({ length: 16 }, (_, index) => `p${String(index).padStart(2, '0')}`)
    for (const type of eventTypes) {
      for (const partition of [...shared, 'default']) {
        const rules = ofType('AWS::Events::Rule').filter(
          ([, { Properties }]) => Properties.Name === `${type}.${partition}`,
        )
        expect(rules).toHaveLength(1)
        expect(rules[0]?.[1].Properties).toMatchObject({
          EventBusName: { Ref: 'Bus' },
          EventPattern: { source: [{ prefix: 'ecos.' }], 'detail-type': [type] },
          Targets: [
            {
              Arn: arnOf(`${pascal(type)}Queue`),
              SqsParameters: { MessageGroupId: partition },
              DeadLetterConfig: { Arn: arnOf(`${pascal(type)}Dlq`) },
            },
          ],
        })
      }
    }
    expect(properties('BridgeDrainLambdaFunction').Environment.Variables.PARTITIONS).toBe('16')
  })

  it('archives only the tenants’ events, for as long as duplicates are dropped', () => {
    expect(ofType('AWS::Events::Archive').map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({
        ArchiveName: 'ecos-main',
        SourceArn: arnOf('Bus'),
        EventPattern: { source: [{ prefix: 'ecos.' }], 'detail-type': eventTypes },
        RetentionDays: 30,
      }),
    ])
  })

  it.each(queues)(
    'bounds the receives of %s, with a sufficient visibility timeout',
    (name, maxReceiveCount) => {
      const { RedrivePolicy, VisibilityTimeout } = properties(`${name}Queue`)
      expect(RedrivePolicy).toEqual({ deadLetterTargetArn: arnOf(`${name}Dlq`), maxReceiveCount })
      const [, mapping] = ofType('AWS::Lambda::EventSourceMapping').find(
        ([, { Properties }]) => Properties.EventSourceArn['Fn::GetAtt'][0] === `${name}Queue`,
      ) ?? ['', undefined]
      expect(mapping?.Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures'])
      const { Timeout } = properties(mapping?.Properties.FunctionName['Fn::GetAtt'][0])
      // Lambda developer guide, SQS event sources: six times the timeout, and the batching window.
      const window = mapping?.Properties.MaximumBatchingWindowInSeconds
      expect(window).toBe(1)
      expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout + window)
      const days = (queue: string) => properties(queue).MessageRetentionPeriod / 86_400
      // A dead letter keeps the time of its first sending: ten days are left for it at least.
      expect([days(`${name}Queue`), days(`${name}Dlq`)]).toEqual([4, 14])
    },
  )

  describe.each(queues)('an outage of a store or a queue, for what waits in %s', (name) => {
    /** The policy that the function reads, the receives that SQS counts, and the waits of both. */
    function policy() {
      const { Timeout, Environment } = properties(functionOf(name))
      const { MAX_RECEIVE_COUNT, RETRY_BASE_SECONDS, OUTAGE_CAP_SECONDS } = Environment.Variables
      const { RedrivePolicy, VisibilityTimeout } = properties(`${name}Queue`)
      expect(Number(MAX_RECEIVE_COUNT)).toBe(RedrivePolicy.maxReceiveCount)
      const waits = doubling(Number(RETRY_BASE_SECONDS), Number(OUTAGE_CAP_SECONDS))
      return { Timeout, VisibilityTimeout, waits, receives: Number(MAX_RECEIVE_COUNT) }
    }

    it('dead-letters nothing in three hours, whether the store fails at once or hangs', () => {
      const { VisibilityTimeout, waits, receives } = policy()
      for (const random of [0, 0.999]) {
        let seconds = 0
        // A receive that fails at once, without a moment's work, is the quickest to use itself up.
        for (let n = 1; n < receives; n += 1) seconds += retryWait(n, waits, random)
        expect(seconds).toBeGreaterThan(3 * 3600)
      }
      // A function that hangs is ended, and its messages come back with the visibility timeout.
      expect((receives - 1) * VisibilityTimeout).toBeGreaterThan(3 * 3600)
    })

    it('is followed by a try of everything within five minutes', () => {
      const { Timeout, VisibilityTimeout, waits, receives } = policy()
      // Calls of AWS end after 8 seconds, so that a function fails by itself and waits as it decides.
      expect(retryWait(receives, waits, 0) + 2 * 30).toBeLessThanOrEqual(300)
      // One that hangs is ended. Only mail servers are waited for longer (RFC 5321, 4.5.3.2.6).
      const bound = name === 'Email' ? 900 : 300
      expect(VisibilityTimeout + Timeout).toBeLessThanOrEqual(bound)
    })

    it('and its own fault are told apart by the function, which may write to its dead-letter queue', () => {
      const { Environment } = properties(functionOf(name))
      expect(Environment.Variables.DEAD_LETTER_QUEUE_URL).toEqual({ Ref: `${name}Dlq` })
      const own = Number(
        Environment.Variables.TRIES ??
          retryPolicyVariable.parse(Environment.Variables.RETRY_POLICY).tries,
      )
      expect(own).toBeLessThan(policy().receives)
      const statements = roleOf(name).flatMap(
        ({ PolicyDocument }: Json) => PolicyDocument.Statement,
      )
      expect(statements).toContainEqual({
        Effect: 'Allow',
        Action: ['sqs:SendMessage'],
        Resource: arnOf(`${name}Dlq`),
      })
    })
  })

  it.each(['email', 'webhook'])(
    'has attempts left for %s after an outage of an hour',
    (channel) => {
      const { RETRY_POLICY } = properties(`Send${pascal(channel)}LambdaFunction`).Environment
        .Variables
      const policy = retryPolicyVariable.parse(RETRY_POLICY)
      // The shortest waits that the jitter allows; the last attempt follows the last of them.
      const waits = Array.from({ length: policy.tries - 1 }, (_, index) =>
        retryWait(index + 1, policy, 1),
      )
      expect(waits.reduce((sum, wait) => sum + wait)).toBeGreaterThan(3600)
      expect(policy.timeToLiveSeconds).toBeGreaterThan(2 * 3600)
    },
  )

  it.each(eventTypes)('lets only the rules of %s write to its queues', (type) => {
    for (const queue of [`${pascal(type)}Queue`, `${pascal(type)}Dlq`]) {
      expect(properties(`${queue}Policy`).PolicyDocument.Statement).toEqual([
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arnOf(queue),
          Condition: {
            ArnLike: { 'aws:SourceArn': { 'Fn::Sub': ourRules(type) } },
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          },
        },
      ])
    }
  })

  it('creates a rule after the policies of its queues, the default rule after the others, and the bridge after rules, policies and handlers', () => {
    const rules = ofType('AWS::Events::Rule').filter(
      ([, { Properties }]) => Properties.EventPattern,
    )
    for (const [, { DependsOn, Properties }] of rules) {
      const type = Properties.EventPattern['detail-type'][0]
      const queue = pascal(type)
      const known = rules.flatMap(
        ([
          id,
          {
            Properties: { Name },
          },
        ]) => (Name.startsWith(`${type}.`) && Name !== `${type}.default` ? [id] : []),
      )
      expect(DependsOn).toEqual([
        `${queue}QueuePolicy`,
        `${queue}DlqPolicy`,
        ...(Properties.Name === `${type}.default` ? known : []),
      ])
    }
    const awaited = [
      ...rules.map(([id]) => id),
      ...ofType('AWS::SQS::QueuePolicy').map(([id]) => id),
      ...eventTypes.map((type) => `On${pascal(type)}LambdaFunction`),
    ]
    expect(awaited.length).toBeGreaterThan(5 * eventTypes.length - 1)
    expect(resources['BridgeDrainLambdaFunction']?.DependsOn).toEqual(
      expect.arrayContaining(awaited),
    )
  })

  it('starts one drain a minute and does not retry it', () => {
    const { ScheduleExpression, Targets } = properties('BridgeDrainSchedule')
    expect(ScheduleExpression).toBe('rate(1 minute)')
    expect(Targets).toMatchObject([{ Id: 'drain-1', Arn: arnOf('BridgeDrainLambdaFunction') }])
    expect(Targets[0].RetryPolicy).toEqual({
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    })
    const permitted = ofType('AWS::Lambda::Permission').map(([, { Properties }]) => Properties)
    expect(permitted).toContainEqual(
      expect.objectContaining({
        FunctionName: arnOf('BridgeDrainLambdaFunction'),
        SourceArn: arnOf('BridgeDrainSchedule'),
      }),
    )
    const { Variables } = properties('BridgeDrainLambdaFunction').Environment
    expect(Variables).toMatchObject({ CONCURRENT_DRAINS: '1', MAX_PUT_EVENTS_PER_SECOND: '400' })
    expect(Variables).toMatchObject({ NODE_OPTIONS: expect.stringContaining('max-old-space-size') })
  })

  it('forgets a throttled start of a scheduled function after a minute', () => {
    const configs = ofType('AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties)
    expect(configs.map(({ FunctionName }) => FunctionName.Ref).sort()).toEqual([
      'BridgeDrainLambdaFunction',
      'DueNotificationsLambdaFunction',
    ])
    for (const config of configs) {
      expect(config).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 })
    }
  })

  it('fits an account with a quota of 100 concurrent executions, and leaves it some', () => {
    const mappings = ofType('AWS::Lambda::EventSourceMapping')
    const copies = mappings.map(([, { Properties }]) => Properties.ScalingConfig.MaximumConcurrency)
    // The drain and due-notifications run once each.
    expect(copies.reduce((sum, count) => sum + count, 2)).toBeLessThanOrEqual(75)
    const reserved = ofType('AWS::Lambda::Function').map(
      ([, { Properties }]) => Properties.ReservedConcurrentExecutions,
    )
    expect(reserved.filter((count) => count !== undefined)).toEqual([])
  })

  it('lets a first deployment roll back, and keeps the data of every later one', () => {
    const kept = Object.entries(resources).filter(([, { DeletionPolicy }]) => DeletionPolicy)
    expect(kept.map(([id]) => id).sort()).toEqual([
      'NotificationsTable',
      'PayloadBucket',
      'RecordListenersTable',
      'SubscriptionsTable',
    ])
    for (const [, { Type, Properties, ...policies }] of kept) {
      expect(policies).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      })
      if (Type === 'AWS::DynamoDB::Table') expect(Properties.DeletionProtectionEnabled).toBe(true)
    }
    const named = ofType('AWS::DynamoDB::Table').filter(
      ([, { Properties }]) => Properties.TableName,
    )
    for (const [, { Properties }] of named) {
      const { PointInTimeRecoverySpecification } = Properties
      expect(PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true })
    }
  })

  it('encrypts every queue, table and bucket of ours', () => {
    for (const [, { Properties }] of ofType('AWS::SQS::Queue'))
      expect(Properties.SqsManagedSseEnabled).toBe(true)
    for (const [, { Properties }] of ofType('AWS::DynamoDB::Table'))
      expect(Properties.SSESpecification).toEqual({ SSEEnabled: true })
    for (const [, { Properties }] of ofType('AWS::S3::Bucket'))
      expect(Properties.BucketEncryption).toBeDefined()
  })

  it('gives each function its own role, log group and a small bundle', async () => {
    const functions = ofType('AWS::Lambda::Function')
    expect(functions).toHaveLength(eventTypes.length + channelNames.length + 2)
    const roles = functions.map(([, { Properties }]) => Properties.Role['Fn::GetAtt'][0])
    expect(new Set(roles).size).toBe(functions.length)
    for (const [logicalId, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] })
      expect(ofType('AWS::Logs::LogGroup').map(([, group]) => group.Properties)).toContainEqual({
        LogGroupName: `/aws/lambda/${Properties.FunctionName}`,
        RetentionInDays: 30,
      })
      const { size } = await stat(join(folder, `${logicalId.replace(/LambdaFunction$/, '')}.zip`))
      expect(size).toBeLessThan(1_500_000)
    }
  })

  it('has no secret in a function’s environment: only the names of secrets', async () => {
    expect(await readTemplate(folder)).not.toContain('kanarie')
    for (const [, { Properties }] of ofType('AWS::Lambda::Function')) {
      for (const [name, value] of Object.entries<Json>(Properties.Environment?.Variables ?? {})) {
        const text = typeof value === 'string' ? value : JSON.stringify(value)
        // An address with a password, a key, a token of Telegram, a webhook's secret, a resolved secret.
        expect(text).not.toMatch(
          /:\/\/[^/]*@|PRIVATE KEY|\d{8,}:[\w-]{20,}|whsec_|resolve:(secretsmanager|ssm)/,
        )
        if (/SECRET|TOKEN|PASSWORD|CREDENTIAL/.test(name)) {
          expect([name, text]).toEqual([
            expect.stringMatching(/(^|_)SECRET_ID$/),
            expect.stringMatching(/^ecos-main\/[a-z-]+$/),
          ])
        }
      }
    }
  })

  it('has in each function’s package the bill of materials of its bundle', async () => {
    const kinds: Json[] = Object.values(JSON.parse(await readFile('dist/bundled.json', 'utf8')))
    const inputsOf = Object.assign({}, ...kinds.map(({ functions }) => functions))
    for (const [logicalId, { Properties }] of ofType('AWS::Lambda::Function')) {
      const name = Properties.FunctionName.replace('ecos-main-', '')
      const path = `dist/functions/${name}/sbom.json`
      const zip = await readFile(join(folder, `${logicalId.replace(/LambdaFunction$/, '')}.zip`))
      // The directory of a zip names its files in plain text.
      expect(zip.includes(path)).toBe(true)
      const sbom = JSON.parse(await readFile(path, 'utf8'))
      expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' })
      const named: string[] = sbom.components.map((one: Json) =>
        one['bom-ref'].replace(/@[^@]+$/, ''),
      )
      const used = inputsOf[name].flatMap(
        (input: string) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? [],
      )
      expect(new Set(named)).toEqual(new Set(used))
      expect(named).toContain('zod')
      expect(named).not.toContain('jest')
    }
  })

  it.each(withSecret)('lets only the sender for %s read the secrets of the channel', (channel) => {
    const readers = ofType('AWS::IAM::Role').filter(([, role]) =>
      JSON.stringify(role).includes(`secret:ecos-main/${channel}`),
    )
    expect(readers.map(([logicalId]) => logicalId)).toEqual([`Send${pascal(channel)}Role`])
  })

  it.each([...withSecret, 'amqp-url'])(
    'lets the reader of the secret %s learn that it does not exist',
    (name) => {
      const role = name === 'amqp-url' ? 'BridgeDrainRole' : `Send${pascal(name)}Role`
      const arns: string[] = statementsOf(role)
        .filter(({ Action }) => Action.includes('secretsmanager:GetSecretValue'))
        .flatMap(({ Resource }) => Resource.map((one: Json) => one['Fn::Sub']))
      // AWS evaluates a missing secret by its name alone, and an existing one by its ARN with a suffix.
      expect(arns.map((arn) => arn.replace(/^.*:secret:/, ''))).toEqual(
        expect.arrayContaining([`ecos-main/${name}`, `ecos-main/${name}-??????`]),
      )
    },
  )

  it('lets senders and due-notifications put nothing but results on the bus', () => {
    const announcing = [
      ...channelNames.map((name) => `Send${pascal(name)}Role`),
      'DueNotificationsRole',
    ]
    for (const role of announcing) {
      const puts = statementsOf(role).filter(({ Action }) => Action.includes('events:PutEvents'))
      expect(puts.map(({ Condition }) => Condition)).toEqual([
        {
          StringLike: { 'events:source': 'ecos.*' },
          StringEquals: { 'events:detail-type': Object.keys(resultEvents) },
        },
      ])
    }
  })

  it('lets handlers, senders and due-notifications delete the contents of reminders, and nobody anything else', () => {
    const deletions = ofType('AWS::IAM::Role').flatMap(([role]) =>
      statementsOf(role)
        .filter(({ Action }) => JSON.stringify(Action).includes('s3:Delete'))
        .map((statement) => [role, statement] as const),
    )
    expect(deletions.map(([role]) => role).sort()).toEqual(
      [
        ...eventTypes.map((type) => `On${pascal(type)}Role`),
        ...channelNames.map((name) => `Send${pascal(name)}Role`),
        'DueNotificationsRole',
      ].sort(),
    )
    for (const [, { Action, Resource }] of deletions) {
      expect([Action].flat()).toEqual(['s3:DeleteObject'])
      const bucket = { 'Fn::GetAtt': ['PayloadBucket', 'Arn'] }
      expect(Resource).toEqual({ 'Fn::Join': ['', [bucket, '/notifications/reminders/*']] })
    }
  })

  it('refuses access to payloads without TLS', () => {
    const [statement] = properties('PayloadBucketPolicy').PolicyDocument.Statement
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    })
  })

  it('lets the sender for sms publish to phone numbers only', () => {
    const statements = properties('SendSmsRole').Policies[0].PolicyDocument.Statement
    const [statement] = statements.filter(({ Action }: Json) => Action.includes('sns:Publish'))
    expect(statement.Resource).toBeUndefined()
    expect(statement.NotResource).toEqual({ 'Fn::Sub': `arn:\${AWS::Partition}:sns:*:*:*` })
  })

  it('allows no action on every resource', () => {
    for (const [, { Properties }] of ofType('AWS::IAM::Role')) {
      for (const { PolicyDocument } of Properties.Policies) {
        for (const { Action, Resource } of PolicyDocument.Statement) {
          expect(JSON.stringify([Action, Resource])).not.toMatch(/"\*"|:\*"\]?,|"[a-z0-9-]+:\*"/)
        }
      }
    }
  })

  it('contains nothing of the local stack', () => {
    expect(JSON.stringify(resources)).not.toMatch(/127\.0\.0\.1|localhost|\.local\/|test:test/)
  })
})
