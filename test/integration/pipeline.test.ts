import { createHash } from 'node:crypto'
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { describe, expect, it } from '@jest/globals'
import { tapBus } from '../../lib/aws/cell/event-tap.ts'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { publish } from '../../local/demo/publish.ts'
import { readMails } from '../../local/mail.ts'
import { fixtures, journey } from '../support/journey.ts'
import { resting } from '../support/resting.ts'
import { eventually, rawMessage, runningStack, taskMessage } from '../support/stack.ts'

const { amqpUrl, cloud, deployment, inboxUrl } = runningStack()
const seconds = 1000

async function mailsTo(address: string) {
  return (await readMails(inboxUrl)).filter(({ to }) =>
    to.some((recipient) => recipient.address === address),
  )
}

describe('the whole way', () => {
  it(
    'brings the messages of the real producer to the mailboxes of those concerned',
    async () => {
      const { events, totals } = await journey(await fixtures())
      expect(totals).toEqual({
        published: 12,
        bridged: 12,
        quarantined: 0,
        deadLettered: 0,
        notEnabled: 0,
        notifications: 20,
        delivered: 20,
        lost: 0,
      })
      // A new task for two people of a pool, whatever the case of their names.
      const [created] = events
      expect(created?.notifications.map(({ username }) => username).sort()).toEqual([
        'ivanov',
        'petrov',
      ])
      // A record names nobody: all who are subscribed to its type are told.
      const record = events.find(({ type }) => type === 'record.create')
      expect(record?.notifications.map(({ username }) => username).sort()).toEqual([
        'ivanov',
        'petrov',
        'sidorov',
        'system',
      ])
      const subjects = (await mailsTo('sidorov@acme.example')).map(({ subject }) => subject).sort()
      expect(subjects).toEqual([
        'Новая задача: Согласование договора №1',
        'Новая задача: Согласование договора №7',
        'Статус документа: На согласовании',
        'Статус документа: На согласовании',
        'Удалена задача: Согласование договора №3',
        'Удалена задача: Согласование договора №9',
      ])
      const [mail] = (await mailsTo('petrov@local-ecos.example')).filter(({ subject }) =>
        /^Новая задача: Согласование договора №[06]$/.test(subject),
      )
      expect(mail?.text).toContain('Договор')
      expect(mail?.html).toContain('Договор')
    },
    300 * seconds,
  )

  it(
    "writes in the language of the tenant, by the tenant's own template",
    async () => {
      const message = taskMessage('english', {
        taskTitle: 'Sign the lease',
        taskPooledUsers: ['smith'],
      })
      expect((await journey([message])).totals).toMatchObject({ delivered: 1 })
      const [mail] = await mailsTo('smith@english.example')
      expect(mail?.subject).toBe('To do: Sign the lease')
      // Its own words, and the footer of every mail.
      expect(mail?.text).toMatch(
        /^1 person may take it\.\n\n-- \nYou received this message because /,
      )
      expect(mail?.html).toContain('1 person may take it.')
    },
    300 * seconds,
  )

  it(
    'carries an event of 2 MB, whose data is too large for the bus, to its notification',
    async () => {
      const data = {
        taskTitle: 'Large',
        taskComment: 'x'.repeat(2_000_000),
        taskPooledUsers: ['petrov'],
      }
      const { totals } = await journey([taskMessage('large', data)])
      expect(totals).toMatchObject({ bridged: 1, delivered: 1, lost: 0 })
      expect(await mailsTo('petrov@large.example')).toHaveLength(1)
    },
    300 * seconds,
  )

  it(
    'makes one notification of an event that comes twice',
    async () => {
      const message = taskMessage('twice', { taskTitle: 'Once', taskPooledUsers: ['petrov'] })
      const { events, totals } = await journey([message, { ...message }])
      expect(totals).toMatchObject({
        published: 2,
        bridged: 2,
        notifications: 1,
        delivered: 1,
        lost: 0,
      })
      expect(events[0]?.notifications).toEqual(events[1]?.notifications)
      await journey([message])
      expect(await mailsTo('petrov@twice.example')).toHaveLength(1)
    },
    300 * seconds,
  )

  it(
    'has a named outcome for each bad input, keeps it whole, and carries its neighbours on',
    async () => {
      const huge = 'no JSON '.repeat(260_000)
      const bad: [reason: string, body: string][] = [
        ['not-json', '{data={type=task.create}}'],
        ['empty-body', ''],
        ['not-an-event', '[1]'],
        ['not-an-event', '{"type":"task.create"}'],
        ['no-type', '{"data":{"id":"1"}}'],
        ['unknown-type', '{"data":{"type":"task.crate"}}'],
        ['type-mismatch', '{"data":{"type":"task.assign"}}'],
        ['not-json', huge],
      ]
      const good = taskMessage('bad-input', {
        id: null,
        taskTitle: 'Good',
        taskPooledUsers: ['petrov'],
      })
      const messages = bad.map(([, body]) => rawMessage('bad-input', 'task.create', body))
      const { events, totals } = await journey([...messages, good])
      expect(totals).toMatchObject({ quarantined: bad.length, bridged: 1, delivered: 1, lost: 0 })
      expect(events.slice(0, bad.length).map(({ reason = '' }) => reason.split(':')[0])).toEqual(
        bad.map(([reason]) => reason),
      )
      const payloads = createPayloadStore(deployment['PayloadBucketName'] ?? '', cloud.s3)
      const isOurs = (body: string) => JSON.parse(body).tenant === 'bad-input'
      const letters = await resting(deployment['QuarantineQueueUrl'], isOurs, bad.length)
      const records = letters.map(({ Body = '' }) => JSON.parse(Body))
      const bodies = await Promise.all(
        records.map(({ body, bodyref }) =>
          bodyref ? payloads.load(bodyref) : Buffer.from(body, 'base64').toString(),
        ),
      )
      const wanted = bad.map(([, body]) => body)
      // By digest: nobody wants to read the difference of two megabytes.
      expect(bodies.map(digest).sort()).toEqual(wanted.map(digest).sort())
    },
    300 * seconds,
  )

  it(
    'tries a message that its handler rejects exactly five times, and its neighbours once',
    async () => {
      const poison = taskMessage('poison', { taskPooledUsers: 'not a list' })
      const good = Array.from({ length: 5 }, (_, index) =>
        taskMessage('poison', { taskTitle: `Good ${index}`, taskPooledUsers: ['petrov'] }),
      )
      const { events, totals } = await journey([...good.slice(0, 2), poison, ...good.slice(2)])
      expect(totals).toMatchObject({ deadLettered: 1, bridged: 5, delivered: 5, lost: 0 })
      expect(events[2]).toMatchObject({
        outcome: 'dead-lettered',
        reason: expect.stringMatching(/^its handler failed 5 times: .*taskPooledUsers/),
      })
      const isOurs = (body: string) => body.includes('"ecos.poison"')
      const letters = await resting(deployment['TaskCreateDlqUrl'], isOurs)
      const ids = letters.map(({ Body = '' }) => JSON.parse(Body).detail.id)
      expect(ids).toEqual([poison.eventId])
      expect(await mailsTo('petrov@poison.example')).toHaveLength(5)
    },
    300 * seconds,
  )
})

describe('several bridges at once', () => {
  it(
    'bridge each event once, and lose none',
    async () => {
      const invoke = () =>
        cloud.lambda.send(
          new InvokeCommand({ FunctionName: deployment['BridgeDrainFunctionName'] }),
        )
      // A first call of each starts the copies of the function.
      await Promise.all([invoke(), invoke(), invoke()])
      const tap = await tapBus(cloud, deployment['BusName'] ?? '', {
        owner: 'test',
        retentionSeconds: 3600,
      })
      try {
        const messages = Array.from({ length: 3000 }, () => taskMessage('many-bridges'))
        const startTime = Date.now()
        await publish(amqpUrl, messages)
        await Promise.all([invoke(), invoke(), invoke()])
        const times = new Map<string, number>()
        await eventually(
          async () => {
            for (const text of await tap.take()) {
              const { tenantid, id } = JSON.parse(text).detail
              if (tenantid === 'many-bridges') times.set(id, (times.get(id) ?? 0) + 1)
            }
            return times.size
          },
          (count) => count >= messages.length,
        )
        expect([...times.keys()].sort()).toEqual(messages.map(({ eventId }) => eventId).sort())
        const lines = await bridgeLog(startTime)
        const failedCalls = lines.filter(({ message }) => /publishing is paused/.test(message))
        // A call that the busy local AWS leaves without an answer is made again, with all of its ten events.
        const repeated = [...times.values()].reduce((sum, count) => sum + count - 1, 0)
        expect(repeated).toBeLessThanOrEqual(10 * failedCalls.length)
        const bridged = lines.filter(({ tenant }) => tenant === 'many-bridges')
        expect(new Set(bridged.map((line) => line.function_request_id)).size).toBeGreaterThan(1)
      } finally {
        await tap.remove()
      }
    },
    300 * seconds,
  )
})

/** What the drains logged since then. */
async function bridgeLog(startTime: number) {
  const logGroupName = `/aws/lambda/${deployment['BridgeDrainFunctionName']}`
  const { events = [] } = await cloud.logs.send(
    new FilterLogEventsCommand({ logGroupName, startTime }),
  )
  return events
    .map(({ message = '' }) => message)
    .filter((message) => message.startsWith('{'))
    .map((line): { message: string; tenant?: string; function_request_id?: string } =>
      JSON.parse(line),
    )
}

function digest(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}
