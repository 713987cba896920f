import {
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createBus } from '../../lib/aws/bus/eventbridge.ts'
import { toEntry } from '../../lib/bridge/publish/entry.ts'
import { decodeEvent } from '../../lib/events/event.ts'
import { type BusStub, startBusStub } from '../support/bus.ts'
import { memoryPayloads } from '../support/memory.ts'
import { eventually, newTenant, runningStack } from '../support/stack.ts'

let stub: BusStub
beforeAll(async () => {
  stub = await startBusStub()
})
afterAll(() => stub.stop())

async function entryOf(dataText: string, tenant = 'acme') {
  const decoded = decodeEvent(tenant, 'task.create', Buffer.from(`{"data":${dataText}}`))
  if (decoded.outcome === 'refused') throw new Error(decoded.explanation)
  return toEntry(decoded.event, memoryPayloads())
}

const withData = (text: string) => `{"type":"task.create","id":"1",${text}}`
/** The two characters that SQS takes only as escapes: the same JSON value. */
const escaped = (text: string) =>
  text.replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff')

const hard = [
  '"n":[9007199254740993,1E308,-0,1.10,0.1e-7,123456789012345678901234567890]',
  '"b":1,"a":2,"10":3,"2":4,"b":5',
  String.raw`"s":"\u0000\ud800\udfff\u002f\/\"\\\b\f\n\r\t"`,
  '"s":"😀👩‍👩‍👧 עברית العربية é \u2028\u2029\u007f \u200f\ufeff"',
  '"s":"\uffff \ufffe"',
  ' \t\n"spaced" : [ 1 ,\r\n2 ] ',
  `"deep":${'['.repeat(998)}${']'.repeat(998)}`,
]

it.each(hard)('data reaches the bus as it was sent: %s', async (text) => {
  await stub.script({ keep: true })
  const data = withData(text)
  await stub.bus.put([await entryOf(data)])
  const { entries } = await stub.ledger()
  expect(entries[0]?.Detail.endsWith(`,"data":${escaped(data)}}`)).toBe(true)
})

it('a number that no double holds reaches the bus as a text with its digits', async () => {
  await stub.script({ keep: true })
  await stub.bus.put([await entryOf(withData('"n":[1E400,-1.5e+999]'))])
  const { entries } = await stub.ledger()
  expect(entries[0]?.Detail.endsWith(',"n":["1E400","-1.5e+999"]}}')).toBe(true)
})

it('data of any JSON text reaches the bus as it was sent', async () => {
  const texts = fc.json({ maxDepth: 6, stringUnit: 'binary' })
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 10 }), async (values) => {
      await stub.script({ keep: true })
      const sent = values.map((value) => withData(`"v":${value}`))
      await stub.bus.put(await Promise.all(sent.map((data) => entryOf(data))))
      const { entries } = await stub.ledger()
      const arrived = entries.map(({ Detail }) => Detail.slice(Detail.indexOf(',"data":') + 8, -1))
      expect(arrived).toEqual(sent.map(escaped))
    }),
    { numRuns: 50 },
  )
})

it('data of any characters comes out of a rule and its SQS queue with the same value', async () => {
  const { cloud, deployment } = runningStack()
  const { eventBridge, sqs } = cloud
  const busName = deployment['BusName'] ?? ''
  const tenant = newTenant()
  const at = { Rule: tenant, EventBusName: busName }
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: tenant }))
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  )
  const EventPattern = JSON.stringify({ source: [`ecos.${tenant}`] })
  await eventBridge.send(new PutRuleCommand({ Name: tenant, EventBusName: busName, EventPattern }))
  const Targets = [{ Id: 'queue', Arn: Attributes?.['QueueArn'] ?? '' }]
  await eventBridge.send(new PutTargetsCommand({ ...at, Targets }))
  try {
    const sent = hard.slice(1, 6).map(withData)
    const entries = await Promise.all(sent.map((data) => entryOf(data, tenant)))
    const results = await createBus(busName, eventBridge).put(entries)
    expect(results).toEqual(sent.map(() => ({ status: 'accepted' })))
    const arrived: unknown[] = []
    await eventually(
      async () => {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
        )
        return arrived.push(...Messages.map(({ Body = '' }) => JSON.parse(Body).detail.data))
      },
      (count) => count >= sent.length,
    )
    expect(arrived).toHaveLength(sent.length)
    expect(arrived).toEqual(expect.arrayContaining(sent.map((data) => JSON.parse(data))))
  } finally {
    await eventBridge.send(new RemoveTargetsCommand({ ...at, Ids: ['queue'] }))
    await eventBridge.send(new DeleteRuleCommand({ Name: tenant, EventBusName: busName }))
    await sqs.send(new DeleteQueueCommand({ QueueUrl }))
  }
})
