import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createReplays, readReplayCell } from '../../../../lib/aws/cell/replays.ts'
import { planReplay, type ReplayProgress, runReplay } from '../../../../lib/operations/replay.ts'
import {
  type Answer,
  actionOf,
  byAction,
  json,
  refusal,
  scriptedService,
} from '../../../support/scripted-service.ts'

// The local AWS replays to every rule of the bus, at once, and can neither fail nor be cancelled.

const now = new Date('2026-11-25T12:00:00Z')
const from = new Date('2026-11-25T08:00:00Z')
const to = new Date('2026-11-25T10:00:00Z')
const bus = 'arn:aws:events:eu-central-1:000000000000:event-bus/ecos-main'
const archive = 'arn:aws:events:eu-central-1:000000000000:archive/ecos-main'
const ruleArn = (name: string) => `${bus.replace('event-bus', 'rule')}/${name}`
const rule = (Name: string) => ({ Name, Arn: ruleArn(Name) })

let service: Awaited<ReturnType<typeof scriptedService>>
let client: EventBridgeClient
/** The answers of each action, call by call; the last one repeats. */
let answers: Record<string, Answer[]>

beforeEach(async () => {
  service = await scriptedService()
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  client = new EventBridgeClient({ endpoint: service.url, region: 'eu-central-1', credentials })
  answers = {
    DescribeArchive: [json({ ArchiveArn: archive, EventSourceArn: bus })],
    ListRules: [
      json({ Rules: [rule('task.create.acme'), rule('task.create.other')], NextToken: 'more' }),
      json({ Rules: [rule('task.assign.acme'), rule('task.create.acme-2')] }),
    ],
    StartReplay: [json({})],
  }
  service.answerWith(byAction(answers))
})

afterEach(() => service.close())

const calls = (action: string) => service.asked.filter((one) => actionOf(one) === action)
const state = (State: string, more: object = {}) => json({ State, ...more })

async function run(request: object = {}, signal = new AbortController().signal) {
  const seen: ReplayProgress[] = []
  const asked = { tenant: 'acme', from, to, again: false, ...request }
  const plan = planReplay(asked, await readReplayCell('main', client), now, '0a1b')
  const onProgress = (progress: ReplayProgress) => void seen.push(progress)
  const end = runReplay(plan, createReplays(client), { signal, interval: 1, onProgress })
  return { plan, seen, end }
}

describe('a replay', () => {
  it("goes to the tenant's own rules alone, and is followed to its end", async () => {
    const EventLastReplayedTime = from.getTime() / 1000 + 60
    answers['DescribeReplay'] = [
      state('STARTING'),
      state('RUNNING', { EventLastReplayedTime }),
      state('COMPLETED'),
    ]
    const { plan, seen, end } = await run()
    expect(await end).toBe('COMPLETED')
    expect(calls('StartReplay').map(({ body }) => body)).toEqual([
      {
        ReplayName: 'replay-20261125T120000Z-0a1b',
        Description: 'acme: task.create, task.assign',
        EventSourceArn: archive,
        EventStartTime: from.getTime() / 1000,
        EventEndTime: to.getTime() / 1000,
        Destination: {
          Arn: bus,
          FilterArns: [ruleArn('task.create.acme'), ruleArn('task.assign.acme')],
        },
      },
    ])
    expect(calls('DescribeReplay').every(({ body }) => body.ReplayName === plan.name)).toBe(true)
    expect(seen).toEqual([
      { state: 'STARTING' },
      { state: 'RUNNING', lastReplayed: new Date('2026-11-25T08:01:00Z') },
      { state: 'COMPLETED' },
    ])
  })

  it('of one type goes to one rule, and says in its name that everybody is told again', async () => {
    answers['DescribeReplay'] = [state('COMPLETED')]
    const { end } = await run({ type: 'task.assign', again: true })
    await end
    expect(calls('StartReplay')[0]?.body).toMatchObject({
      ReplayName: 'again-20261125T120000Z-0a1b',
      Destination: { FilterArns: [ruleArn('task.assign.acme')] },
    })
  })

  it('whose start was answered to nobody is started once', async () => {
    answers['StartReplay'] = [refusal('ResourceAlreadyExistsException')]
    answers['DescribeReplay'] = [state('COMPLETED')]
    expect(await (await run()).end).toBe('COMPLETED')
  })

  it('is cancelled once, and followed until it is', async () => {
    answers['DescribeReplay'] = [state('RUNNING'), state('CANCELLING'), state('CANCELLED')]
    answers['CancelReplay'] = [json({ State: 'CANCELLING' })]
    const { plan, end } = await run({}, AbortSignal.abort())
    expect(await end).toBe('CANCELLED')
    expect(calls('CancelReplay').map(({ body }) => body)).toEqual([{ ReplayName: plan.name }])
  })

  it('that ends before it is cancelled is complete', async () => {
    answers['DescribeReplay'] = [state('RUNNING'), state('COMPLETED')]
    answers['CancelReplay'] = [refusal('IllegalStatusException')]
    expect(await (await run({}, AbortSignal.abort())).end).toBe('COMPLETED')
  })

  it('that fails says why', async () => {
    answers['DescribeReplay'] = [state('FAILED', { StateReason: 'the archive is gone' })]
    await expect((await run()).end).rejects.toMatchObject({
      code: 'replay-failed',
      message: 'The replay replay-20261125T120000Z-0a1b failed: the archive is gone',
    })
  })

  it('of a cell without an archive is refused, with what to do', async () => {
    answers['DescribeArchive'] = [refusal('ResourceNotFoundException')]
    await expect(readReplayCell('main', client)).rejects.toMatchObject({ code: 'no-archive' })
  })
})
