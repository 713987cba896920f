import { createHash } from 'node:crypto'
import { SQSClient } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { listLetterBoxes } from '../../../../lib/aws/cell/letter-boxes.ts'
import type { MoveProgress } from '../../../../lib/operations/letter-box.ts'
import { moveAll } from '../../../../lib/operations/moves.ts'
import {
  type Answer,
  actionOf,
  byAction,
  json,
  refusal,
  scriptedService,
} from '../../../support/scripted-service.ts'

// The local AWS has no message moves.

const queues = ['ecos-main-quarantine', 'ecos-main-task-create', 'ecos-main-task-create-dlq']
const dlq = 'arn:aws:sqs:ecos-main-task-create-dlq'
const source = 'arn:aws:sqs:ecos-main-task-create'

let service: Awaited<ReturnType<typeof scriptedService>>
/** The answers of each action, call by call; the last one repeats. */
let answers: Record<string, Answer[]>

beforeEach(async () => {
  service = await scriptedService()
  const attributes: Answer = (response, asked) => {
    const QueueArn = `arn:aws:sqs:${asked.body.QueueUrl.split('/').pop()}`
    json({ Attributes: asked.body.AttributeNames[0] === 'QueueArn' ? { QueueArn } : depth })(
      response,
      asked,
    )
  }
  const depth = { ApproximateNumberOfMessages: '3' }
  answers = {
    ListQueues: [json({ QueueUrls: queues.map((name) => `${service.url}/0/${name}`) })],
    GetQueueAttributes: [attributes],
    StartMessageMoveTask: [json({ TaskHandle: 'ours' })],
    CancelMessageMoveTask: [json({})],
  }
  service.answerWith(byAction(answers))
})

afterEach(() => service.close())

const calls = (action: string) =>
  service.asked.filter((one) => actionOf(one) === action).map(({ body }) => body)
/** The latest move of the queue, as SQS lists it. */
const task = (Status: string, StartedTimestamp: number, more: object = {}) =>
  json({ Results: [{ Status, StartedTimestamp, ApproximateNumberOfMessagesMoved: 3, ...more }] })

async function boxes() {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new SQSClient({ endpoint: service.url, region: 'eu-central-1', credentials })
  return listLetterBoxes(
    { prefix: 'ecos-main', channels: ['email'], sendToBridge: async () => {} },
    client,
  )
}

async function move(perSecond = 50, signal = new AbortController().signal) {
  const box = (await boxes()).find(({ name }) => name === 'ecos-main-task-create-dlq')
  if (!box) throw new Error('no box')
  const seen: MoveProgress[] = []
  const onProgress = (progress: MoveProgress) => void seen.push(progress)
  return { moved: await moveAll(box, { perSecond, signal, interval: 1, onProgress }), seen }
}

it('the boxes of a cell are its own: those of `main-eu` are not those of `main`', async () => {
  const other = [
    'ecos-main-eu-quarantine',
    'ecos-main-eu-task-create',
    'ecos-main-eu-task-create-dlq',
  ]
  const all = [...queues, ...other, 'ecos-main-email-dlq']
  answers['ListQueues'] = [json({ QueueUrls: all.map((name) => `${service.url}/0/${name}`) })]
  expect((await boxes()).map(({ name, kind }) => [name, kind])).toEqual([
    ['ecos-main-email-dlq', 'notification'],
    ['ecos-main-quarantine', 'quarantined'],
    ['ecos-main-task-create-dlq', 'event'],
  ])
})

it.each([
  ['was put there by a rule says which error kept it from the queue', {}, 'rule: NO_PERMISSIONS'],
  ['has failed since says nothing of the rule', { DeadLetterQueueSourceArn: source }, undefined],
])('a letter that %s', async (_, Attributes, reason) => {
  const MessageAttributes = { ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' } }
  const MD5OfBody = createHash('md5').update('{}').digest('hex')
  const message = { MessageId: 'm1', Body: '{}', MD5OfBody, Attributes, MessageAttributes }
  answers['ReceiveMessage'] = [json({ Messages: [message] })]
  answers['ChangeMessageVisibility'] = [json({})]
  const box = (await boxes()).find(({ name }) => name === 'ecos-main-task-create-dlq')
  for await (const letter of box?.take(1) ?? []) expect(letter.reason).toBe(reason)
  expect.assertions(1)
})

describe('a whole dead-letter queue', () => {
  it('is moved by SQS to its own source, at the rate that is given, and followed to the end', async () => {
    const ApproximateNumberOfMessagesToMove = 3
    answers['ListMessageMoveTasks'] = [
      task('COMPLETED', 1000),
      // A new move is not listed at once.
      task('COMPLETED', 1000),
      task('RUNNING', 2000, {
        ApproximateNumberOfMessagesMoved: 1,
        ApproximateNumberOfMessagesToMove,
      }),
      task('COMPLETED', 2000, { ApproximateNumberOfMessagesToMove }),
    ]
    const { moved, seen } = await move()
    expect(moved).toBe(3)
    expect(calls('StartMessageMoveTask')).toEqual([
      { SourceArn: dlq, DestinationArn: source, MaxNumberOfMessagesPerSecond: 50 },
    ])
    expect(seen).toEqual([
      { state: 'moving', moved: 0 },
      { state: 'moving', moved: 1, total: 3 },
      { state: 'done', moved: 3, total: 3 },
    ])
  })

  it('is moved no faster than SQS does', async () => {
    answers['ListMessageMoveTasks'] = [json({ Results: [] }), task('COMPLETED', 1)]
    await move(1000)
    expect(calls('StartMessageMoveTask')).toMatchObject([{ MaxNumberOfMessagesPerSecond: 500 }])
  })

  it('that is being moved already is not moved once more', async () => {
    answers['ListMessageMoveTasks'] = [
      task('RUNNING', 1000, { TaskHandle: 'an earlier one' }),
      task('COMPLETED', 1000),
    ]
    expect((await move()).moved).toBe(3)
    expect(calls('StartMessageMoveTask')).toEqual([])
  })

  it('is moved no further once it is cancelled', async () => {
    answers['ListMessageMoveTasks'] = [
      json({}),
      task('RUNNING', 1000),
      task('CANCELLING', 1000),
      task('CANCELLED', 1000, { ApproximateNumberOfMessagesMoved: 2 }),
    ]
    expect((await move(50, AbortSignal.abort())).moved).toBe(2)
    expect(calls('CancelMessageMoveTask')).toEqual([{ TaskHandle: 'ours' }])
  })

  it('that SQS gives up says why', async () => {
    const FailureReason = 'CouldNotDetermineMessageSource'
    answers['ListMessageMoveTasks'] = [json({}), task('FAILED', 1000, { FailureReason })]
    await expect(move()).rejects.toMatchObject({
      code: 'move-failed',
      message: expect.stringContaining(
        `ecos-main-task-create-dlq after 3 messages: ${FailureReason}`,
      ),
    })
  })

  it.each(['InvalidAction', 'AWS.SimpleQueueService.UnsupportedOperation'])(
    'is left to us where the service answers %s',
    async (name) => {
      answers['ListMessageMoveTasks'] = [refusal(name)]
      expect((await move()).moved).toBeUndefined()
    },
  )

  it('is left to us for less than a message a second, and the quarantine always is', async () => {
    expect((await move(0.5)).moved).toBeUndefined()
    const quarantine = (await boxes()).find(({ name }) => name === 'ecos-main-quarantine')
    expect(quarantine).toBeDefined()
    expect(quarantine?.startMove).toBeUndefined()
  })
})
