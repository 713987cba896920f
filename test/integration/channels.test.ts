import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { createChannelSecret } from '../../lib/aws/channel-secrets.ts'
import { createSns } from '../../lib/aws/sns.ts'
import { createQueues } from '../../lib/aws/sqs.ts'
import { createFloodMemory } from '../../lib/aws/tables/floods.ts'
import { createRateLimiter } from '../../lib/aws/tables/rate-limits-table.ts'
import type { RateKey } from '../../lib/channels/rate-limit.ts'
import { cloudEnvironment, connectCloud } from '../../local/cloud.ts'
import { otherActions } from '../../local/demo/addresses.ts'
import { readMails } from '../../local/mail.ts'
import type { Chat } from '../../local/receivers/chat.ts'
import type { PushMessage } from '../../local/receivers/firebase.ts'
import { readSms } from '../../local/receivers/sms.ts'
import { readReceived } from '../../local/receivers/start.ts'
import type { TelegramMessage } from '../../local/receivers/telegram.ts'
import type { WebhookReceiver } from '../../local/receivers/webhook.ts'
import { busEvent } from '../support/bus-event.ts'
import { command } from '../support/command.ts'
import { journey } from '../support/journey.ts'
import { subscriptionBook } from '../support/notifications.ts'
import { eventually, newTenant, runningStack, taskMessage } from '../support/stack.ts'

const { awsEndpoint, cloud, deployment, inboxUrl, receivers } = runningStack()
const client = DynamoDBDocumentClient.from(cloud.dynamoDb)
const seconds = 1000

// What runs here asks the local AWS, as a function does.
beforeAll(() => void Object.assign(process.env, cloudEnvironment(awsEndpoint)))

describe('a notification', () => {
  it(
    'reaches a person over every channel that they chose',
    async () => {
      const message = taskMessage('every-channel', {
        docId: 'alfresco@workspace://SpacesStore/f2bb30a4-5e4b-482c-8458-dff3579549c2',
        taskTitle: 'Согласование',
        taskPooledUsers: ['petrov'],
      })
      const { events } = await journey([message], undefined, receivers)
      const { notifications = [] } = events[0] ?? {}
      expect(notifications.map(({ channel, state }) => `${channel} ${state}`).sort()).toEqual([
        'chat SENT',
        'email SENT',
        'push SENT',
        'sms SENT',
        'telegram SENT',
        'webhook SENT',
      ])

      const title = 'Новая задача: Согласование'
      const web = 'https://ecos.every-channel.example'
      const page = `${web}/v2/dashboard?recordRef=`
      const [webhook, telegram, chat, push, sms] = otherActions(
        'petrov',
        'every-channel',
        receivers,
      ).map(({ address }) => address)
      const mails = await readMails(inboxUrl)
      expect(mails.filter(({ to }) => to[0]?.address === 'petrov@every-channel.example')).toEqual([
        expect.objectContaining({ subject: title }),
      ])
      const posted = await readReceived<WebhookReceiver['received'][0]>(receivers.webhookUrl)
      const idOf = (name: string) =>
        notifications.find(({ channel }) => channel === name)?.notificationId
      expect(posted.filter(({ path }) => webhook?.endsWith(path))).toEqual([
        {
          id: idOf('webhook'),
          path: '/every-channel/petrov',
          payload: expect.objectContaining({
            type: 'task.create',
            data: expect.objectContaining({
              title,
              eventId: message.eventId,
              links: { record: expect.stringContaining(page), web },
            }),
          }),
          body: expect.stringContaining(message.eventId),
        },
      ])
      const said = await readReceived<TelegramMessage>(receivers.telegramUrl)
      expect(said.filter(({ chat_id }) => chat_id === telegram)).toEqual([
        expect.objectContaining({
          text: expect.stringContaining(`<b>${title}</b>`),
          reply_markup: {
            inline_keyboard: [[{ text: 'Открыть задачу', url: expect.stringContaining(page) }]],
          },
        }),
      ])
      const written = await readReceived<Chat['received'][0]>(receivers.chatUrl)
      expect(written.filter(({ path }) => chat?.endsWith(path))).toEqual([
        expect.objectContaining({
          message: { attachments: [expect.objectContaining({ title })] },
        }),
      ])
      const shown = await readReceived<PushMessage>(receivers.firebaseUrl)
      expect(shown.filter(({ token }) => token === push)).toEqual([
        expect.objectContaining({
          notification: expect.objectContaining({ title }),
          data: expect.objectContaining({ link: expect.stringContaining(page) }),
        }),
      ])
      expect(await readSms(awsEndpoint, sms ?? '')).toEqual([
        expect.objectContaining({ Message: expect.stringContaining(`${title}\n`) }),
      ])
    },
    300 * seconds,
  )

  it('is told by a template of ECOS, as it was imported', async () => {
    // test/unit/notifications/ecos-templates/import.test.ts holds the deployed template to its artifact.
    const tenant = 'every-channel'
    const username = newTenant()
    const address = `${username}@every-channel.example`
    const action = {
      ...{ channel: 'email' as const, address, template: 'leave-approved' },
      customData: { approvedBy: 'attributes.approver' },
    }
    await subscriptionBook.change({ tenant, username, eventType: 'task.assign' }, () => [action])
    const event = busEvent(tenant, 'task.create', username, {
      docId: 'emodel/leave@7',
      taskTitle: 'Согласовать отпуск',
      taskPooledUsers: [username],
      attributes: {
        ...{ approver: 'Смирнов', employee: 'Иванова <А.>', 'decision?str': 'yes' },
        ...{ dateFrom: '2026-07-01T00:00:00Z', dateTo: null, 'importance?num': 2 },
        ...{ 'deputies[]': ['Петров', 'Сидоров'], '_type?localId': 'leave' },
      },
    })
    const queue = createQueues(cloud.sqs)(deployment['TaskCreateQueueUrl'] ?? '')
    await queue.sendAll([{ body: event, group: tenant }])
    const [mail] = await eventually(
      async () => (await readMails(inboxUrl)).filter(({ to }) => to[0]?.address === address),
      (mails) => mails.length > 0,
    )
    expect(mail?.subject).toBe('Отпуск: согласован, Иванова <А.>')
    expect(mail?.text).toContain('Смирнов согласовал(а) ваш отпуск с 01.07.2026.')
    expect(mail?.text).toContain('- 1. Петров\n- 2. Сидоров')
    const page = 'https://ecos.every-channel.example/v2/dashboard?recordRef=emodel/leave@7'
    expect(mail?.html).toContain(`<a href="${page}">Открыть заявление</a>`)
    expect(mail?.html).toContain('<p>Здравствуйте, Иванова &lt;А.&gt;!</p>')
    expect(mail?.html).toContain('>Отписаться</a></p>')
  }, 300_000)

  it('may be a test, which says so and is waited for', async () => {
    const to = ['--tenant', 'every-channel', '--user', 'petrov', '--channel', 'email']
    const { code, stdout } = await command(['notifications', 'send-test', ...to])
    expect([code, stdout]).toEqual([0, 'SENT: the provider has accepted it\n'])
    const mails = await readMails(inboxUrl)
    const mine = mails.filter(({ to }) => to[0]?.address === 'petrov@every-channel.example')
    expect(mine.map(({ subject }) => subject)).toContainEqual(
      expect.stringContaining('Это проверка'),
    )
  }, 300_000)
})

describe("a tenant's rate limit by a channel", () => {
  const table = String(deployment['RateLimitsTableName'])
  // Like several concurrent senders: a client each.
  const senders = [1, 2, 3].map(() =>
    createRateLimiter(table, 20, DynamoDBDocumentClient.from(connectCloud(awsEndpoint).dynamoDb)),
  )

  it('keeps slots apart, whoever reserves them', async () => {
    const key = { tenant: newTenant(), channel: 'webhook' } as const
    const started = Date.now()
    const waits = await Promise.all(
      Array.from({ length: 15 }, (_, index) => senders[index % 3]?.reserve(key, 1, 60_000)),
    )
    expect(waits.every((slots) => slots?.length === 1)).toBe(true)
    const Key = { limit: `webhook#${key.tenant}` }
    const { Item } = await client.send(new GetCommand({ TableName: table, Key }))
    // Fifteen slots, 50 ms apart.
    expect(Number(Item?.['nextAt'])).toBeGreaterThanOrEqual(started + 15 * 50)
  })

  it('reserves no slot that comes too late, and another tenant or channel has its own', async () => {
    const key = { tenant: newTenant(), channel: 'webhook' } as const
    const slow = createRateLimiter(table, 0.001, client)
    const reserve = (one: RateKey) => slow.reserve(one, 2, 1000)
    expect([await reserve(key), await reserve(key), await reserve(key)]).toEqual([[0], [], []])
    expect(await reserve({ ...key, channel: 'push' })).toEqual([0])
    expect(await reserve({ ...key, tenant: newTenant() })).toEqual([0])
  })

  it('has a limit for each chat beside it', async () => {
    const key = { tenant: newTenant(), channel: 'telegram' } as const
    const group = createRateLimiter(table, 20 / 60, client)
    const reserve = (chat: string) => group.reserve({ ...key, chat }, 3, 4000)
    expect([await reserve('-1'), await reserve('-2')]).toEqual([
      [0, 3000],
      [0, 3000],
    ])
    expect(await createRateLimiter(table, 25, client).reserve(key, 1, 4000)).toEqual([0])
  })

  it('gives no slot of a chat, nor of a bot, that its provider has paused, and those of others', async () => {
    const key = { tenant: newTenant(), channel: 'telegram' } as const
    const floods = createFloodMemory(table, client)
    const limiter = createRateLimiter(table, 25, client)
    const reserve = async (chat?: string) =>
      (await limiter.reserve({ ...key, ...(chat && { chat }) }, 1, 4000)).length
    const until = Date.now() + 600_000
    await floods.pauseUntil({ ...key, chat: '42' }, until)
    // A shorter pause does not end a longer one.
    await floods.pauseUntil({ ...key, chat: '42' }, Date.now())
    expect([await reserve('42'), await reserve('43'), await reserve()]).toEqual([0, 1, 1])
    expect(await floods.rememberFlood(key, '42', until)).toBeUndefined()
    expect(await floods.rememberFlood(key, '43', until)).toEqual({ chat: '42', until })
    expect(await reserve()).toBe(1)
    await floods.pauseUntil(key, until)
    expect(await reserve()).toBe(0)
  })

  it('gives a batch its slots at once, and those that come in time', async () => {
    const key = { tenant: newTenant(), channel: 'webhook' } as const
    // Milliseconds: the calls are made within one of these.
    const slot = 100_000
    const limiter = createRateLimiter(table, 1000 / slot, client)
    expect(await limiter.reserve(key, 3, 4 * slot)).toEqual([0, slot, 2 * slot])
    const [first = 0, second, ...late] = await limiter.reserve(key, 3, 4 * slot)
    expect(first).toBeLessThanOrEqual(3 * slot)
    expect([second, late]).toEqual([first + slot, []])
    expect(await limiter.reserve(key, 3, 4 * slot)).toEqual([])
  })
})

describe('a notification that goes back to its queue', () => {
  it('is hidden there for as long as it was put back', async () => {
    const { QueueUrl = '' } = await cloud.sqs.send(
      new CreateQueueCommand({ QueueName: newTenant() }),
    )
    await createQueues(cloud.sqs)(QueueUrl).sendAll([
      { body: 'later', group: 'acme', delaySeconds: 600 },
      { body: 'now', group: 'acme' },
    ])
    const read = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 })
    const { Messages = [] } = await cloud.sqs.send(read)
    expect(Messages.map(({ Body }) => Body)).toEqual(['now'])
    const count = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })
    const { Attributes } = await cloud.sqs.send(count)
    expect(Attributes?.ApproximateNumberOfMessagesDelayed).toBe('1')
    await cloud.sqs.send(new DeleteQueueCommand({ QueueUrl }))
  })
})

describe("a channel's secret", () => {
  const tenant = newTenant()
  const store = (name: string, text: string) =>
    cloud.secrets.send(new CreateSecretCommand({ Name: name, SecretString: text }))

  it("is the tenant's own where there is one, else the cell's", async () => {
    const name = `${tenant}/webhook`
    await store(name, 'of the cell')
    await store(`${name}/acme`, 'of acme')
    const secretOf = createChannelSecret(name)
    expect([await secretOf('acme'), await secretOf('other'), await secretOf('other')]).toEqual([
      'of acme',
      'of the cell',
      'of the cell',
    ])
  })

  it('that there is not is told by its name', async () => {
    const secretOf = createChannelSecret(`${tenant}/none`)
    await expect(secretOf('acme')).rejects.toMatchObject({
      code: 'secret-missing',
      message: `There is no secret ${tenant}/none`,
    })
  })
})

describe('SNS', () => {
  it('takes a text for a number', async () => {
    const number = '+79990000001'
    expect(await createSns('ECOS')(number, 'Привет')).toEqual({
      outcome: 'sent',
      providerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(await readSms(awsEndpoint, number)).toEqual([
      expect.objectContaining({ PhoneNumber: number, Message: 'Привет' }),
    ])
  })
})
