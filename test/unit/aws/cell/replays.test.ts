import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createReplays, readArchive } from '../../../../lib/aws/cell/replays.ts'
import { planReplay, type ReplayProgress, runReplay } from '../../../../lib/operations/replay.ts'
import { removeLeftOvers } from '../../../../lib/operations/replay-leftovers.ts'
import { pause } from '../../../../lib/waiting.ts'
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
const named = 'replay-20261125T120000Z-0a1b'

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
    PutRule: [json({ RuleArn: ruleArn('first') }), json({ RuleArn: ruleArn('second') })],
    PutTargets: [json({ FailedEntryCount: 0, FailedEntries: [] })],
    ListRules: [
      json({
        Rules: [
          rule('task.create.p00'),
          rule('console-1'),
          rule('task.create.replay-20261125T110000Z-ffff'),
          rule(`task.create.${named}`),
        ],
        NextToken: 'more',
      }),
      json({ Rules: [rule('task.assign.default'), rule(`task.assign.${named}`)] }),
    ],
    RemoveTargets: [json({})],
    DeleteRule: [json({})],
    StartReplay: [json({})],
  }
  service.answerWith(byAction(answers))
})

afterEach(() => service.close())

const calls = (action: string) => service.asked.filter((one) => actionOf(one) === action)
const state = (State: string, more: object = {}) => json({ State, ...more })

async function run(request: object = {}, signal = new AbortController().signal) {
  const seen: ReplayProgress[] = []
  const types = ['task.create', 'task.assign'] as const
  const asked = { tenant: 'acme', types, from, to, again: false, ...request }
  const plan = planReplay(asked, await readArchive('main', client), now, '0a1b')
  const onProgress = (progress: ReplayProgress) => void seen.push(progress)
  const watch = { signal, interval: 1, ruleWait: 0, onProgress }
  const end = runReplay(plan, createReplays('main', client), watch)
  return { plan, seen, end }
}

/** The actions that change something, in their order. */
const changes = () =>
  service.asked.map(actionOf).filter((action) => /^(Put|Sta|Can|Rem|Del)/.test(action))
const removals = () => calls('DeleteRule').map(({ body }) => body.Name)

describe('a replay', () => {
  it("goes to rules of its own, which take the tenant's replayed events alone and are removed at its end", async () => {
    const EventLastReplayedTime = from.getTime() / 1000 + 60
    answers['DescribeReplay'] = [
      state('STARTING'),
      state('RUNNING', { EventLastReplayedTime }),
      state('COMPLETED'),
    ]
    const { plan, seen, end } = await run()
    expect(await end).toBe('COMPLETED')
    expect(calls('PutRule').map(({ body }) => [body.Name, JSON.parse(body.EventPattern)])).toEqual([
      [
        `task.create.${named}`,
        { source: ['ecos.acme'], 'detail-type': ['task.create'], 'replay-name': [named] },
      ],
      [
        `task.assign.${named}`,
        { source: ['ecos.acme'], 'detail-type': ['task.assign'], 'replay-name': [named] },
      ],
    ])
    expect(calls('PutTargets')[0]?.body).toEqual({
      Rule: `task.create.${named}`,
      EventBusName: 'ecos-main',
      Targets: [
        {
          Id: 'queue',
          Arn: 'arn:aws:sqs:eu-central-1:000000000000:ecos-main-task-create',
          SqsParameters: { MessageGroupId: named },
          DeadLetterConfig: {
            Arn: 'arn:aws:sqs:eu-central-1:000000000000:ecos-main-task-create-dlq',
          },
        },
      ],
    })
    expect(calls('StartReplay').map(({ body }) => body)).toEqual([
      {
        ReplayName: named,
        Description: 'acme: task.create, task.assign',
        EventSourceArn: archive,
        EventStartTime: from.getTime() / 1000,
        EventEndTime: to.getTime() / 1000,
        Destination: { Arn: bus, FilterArns: [ruleArn('first'), ruleArn('second')] },
      },
    ])
    expect(calls('DescribeReplay').every(({ body }) => body.ReplayName === plan.name)).toBe(true)
    expect(seen).toEqual([
      { state: 'STARTING' },
      { state: 'RUNNING', lastReplayed: new Date('2026-11-25T08:01:00Z') },
      { state: 'COMPLETED' },
    ])
    const rules = ['PutRule', 'PutTargets', 'PutRule', 'PutTargets']
    const removal = ['RemoveTargets', 'DeleteRule', 'RemoveTargets', 'DeleteRule']
    expect(changes()).toEqual([...rules, 'StartReplay', ...removal])
    expect(removals()).toEqual([`task.create.${named}`, `task.assign.${named}`])
  })

  it('says in its name that everybody is told again', async () => {
    answers['DescribeReplay'] = [state('COMPLETED')]
    const { end } = await run({ types: ['task.assign'], again: true })
    await end
    const again = 'again-20261125T120000Z-0a1b'
    expect(calls('StartReplay')[0]?.body).toMatchObject({ ReplayName: again })
    expect(JSON.parse(calls('PutRule')[0]?.body.EventPattern)).toMatchObject({
      'replay-name': [again],
    })
  })

  it('whose start was answered to nobody is started once', async () => {
    answers['StartReplay'] = [refusal('ResourceAlreadyExistsException')]
    answers['DescribeReplay'] = [state('COMPLETED')]
    expect(await (await run()).end).toBe('COMPLETED')
  })

  it('is cancelled once, and followed until it is', async () => {
    const stop = new AbortController()
    answers['DescribeReplay'] = [state('RUNNING'), state('CANCELLING'), state('CANCELLED')]
    answers['CancelReplay'] = [json({ State: 'CANCELLING' })]
    const { plan, seen, end } = await run({}, stop.signal)
    while (seen.length === 0) await pause(1, new AbortController().signal)
    stop.abort()
    expect(await end).toBe('CANCELLED')
    expect(calls('CancelReplay').map(({ body }) => body)).toEqual([{ ReplayName: plan.name }])
    expect(removals()).toHaveLength(2)
  })

  it('that is cancelled before its rules are in force is not started, and leaves none', async () => {
    expect(await (await run({}, AbortSignal.abort())).end).toBe('CANCELLED')
    expect(calls('StartReplay')).toEqual([])
    expect(removals()).toHaveLength(2)
  })

  it('that EventBridge refuses leaves no rule', async () => {
    answers['StartReplay'] = [refusal('ValidationException')]
    await expect((await run()).end).rejects.toThrow()
    expect(removals()).toHaveLength(2)
  })

  it('that the bus has no room for says so, and leaves no rule', async () => {
    answers['PutRule'] = [json({ RuleArn: ruleArn('first') }), refusal('LimitExceededException')]
    await expect((await run()).end).rejects.toMatchObject({ code: 'bus-full' })
    expect(calls('StartReplay')).toEqual([])
    expect(removals()).toHaveLength(2)
  })

  it('that can be seen no longer keeps its rules: its events are on their way', async () => {
    answers['DescribeReplay'] = [state('RUNNING'), refusal('AccessDeniedException')]
    await expect((await run()).end).rejects.toThrow()
    expect(removals()).toEqual([])
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
    await expect(readArchive('main', client)).rejects.toMatchObject({ code: 'no-archive' })
  })
})

describe('rules that a command left when it died', () => {
  const clean = (at: Date) => removeLeftOvers(createReplays('main', client), at)
  const older = 'replay-20261125T110000Z-ffff'
  beforeEach(() => {
    const names = ['task.create.p00', `task.create.${older}`, `task.create.${named}`]
    answers['ListRules'] = [json({ Rules: names.map(rule) })]
  })

  const later = new Date('2026-11-25T15:00:00Z')
  const endedMinutesAgo = (minutes: number) => ({
    ReplayEndTime: later.getTime() / 1000 - minutes * 60,
  })

  it('are removed once their replay is over', async () => {
    answers['DescribeReplay'] = [state('FAILED', endedMinutesAgo(61)), state('RUNNING')]
    expect(await clean(later)).toEqual([older])
    expect(removals()).toEqual([`task.create.${older}`])
  })

  it('stay while the last events may be on their way, for which a command that lives waits', async () => {
    answers['DescribeReplay'] = [state('COMPLETED', endedMinutesAgo(1))]
    expect(await clean(later)).toEqual([])
    expect(removals()).toEqual([])
  })

  it('are removed an hour after, if their replay was never started', async () => {
    answers['DescribeReplay'] = [refusal('ResourceNotFoundException')]
    expect(await clean(new Date('2026-11-25T12:00:01Z'))).toEqual([older])
    expect(await clean(new Date('2026-11-25T13:00:01Z'))).toEqual([older, named])
  })
})
