import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createBatchBridge } from '../../../../lib/bridge/amazon-mq/batch.ts'
import type { SettledMessages } from '../../../../lib/bridge/amazon-mq/settled.ts'
import { noTenant } from '../../../../lib/bridge/bridge-queue.ts'
import type { Noted } from '../../../../lib/bridge/journal.ts'
import type { QueuedMessage } from '../../../../lib/bridge/message.ts'
import type { Bus, EntryResult } from '../../../../lib/bridge/publish/bus.ts'
import { createPublisher } from '../../../../lib/bridge/publish/publisher.ts'
import { createQuarantine } from '../../../../lib/bridge/quarantine.ts'
import { idsIn, listeningLog } from '../../../support/listening-log.ts'
import { memoryPayloads } from '../../../support/memory.ts'

const queue = 'tenant.acme.eventbridge'

function message(body: string, over: Partial<QueuedMessage> = {}): QueuedMessage {
  const bytes = Buffer.from(body)
  return { tenant: 'acme', queue, properties: {}, redelivered: false, body: bytes, ...over }
}

function event(id: string | null, over: Partial<QueuedMessage> = {}): QueuedMessage {
  return message(JSON.stringify({ data: { type: 'task.create', id } }), over)
}

const again = (messages: readonly QueuedMessage[]) =>
  messages.map((one) => ({ ...one, redelivered: true }))

/** Milliseconds for a batch that will be settled. */
const patient = 5_000
/** The deadline of one that won't be: when the others are settled, and what fails has failed. */
const brief = 'brief'

/** Everything around the function: a bus and stores that fail on command, and what they hold. */
function setUp(payloads = memoryPayloads()) {
  const faults = { events: new Set<string>(), quarantine: 0, lookUps: 0, remember: false }
  const sent: string[] = []
  const quarantined: string[] = []
  const remembered = new Set<string>()
  const fates: string[] = []
  const calls = { among: 0, remember: 0 }
  const bus: Bus = {
    async put(entries) {
      return entries.map(({ detail }): EntryResult => {
        const { id } = JSON.parse(String(detail))
        if (faults.events.has(id)) {
          // Each but the first comes after a wait, when all others are settled.
          tries += 1
          if (tries > 2) expired.abort()
          return { status: 'failed', code: 'InternalFailure' }
        }
        sent.push(id)
        return { status: 'accepted' }
      })
    },
    async check() {},
  }
  const quarantine = createQuarantine(async ({ body = '', reason }) => {
    if (faults.quarantine-- > 0) {
      expired.abort()
      throw new Error('SQS is down')
    }
    quarantined.push(`${reason}: ${Buffer.from(body, 'base64')}`)
  }, payloads)
  const settled: SettledMessages = {
    async among(keys) {
      calls.among += 1
      if (faults.lookUps-- > 0) {
        expired.abort()
        throw new Error('DynamoDB is down')
      }
      return new Set(keys.filter((key) => remembered.has(key)))
    },
    async remember(keys) {
      calls.remember += 1
      if (faults.remember) throw new Error('DynamoDB is down')
      for (const key of keys) remembered.add(key)
    },
  }
  let expired = new AbortController()
  let tries = 0
  let bridgeBatch = createBatchBridge(settled)
  /** Lambda starts a new copy of the function after one was killed. */
  const restart = () => {
    bridgeBatch = createBatchBridge(settled)
  }
  /** One invocation; a batch that can't be settled fails at its deadline. */
  const { log, lines } = listeningLog()
  const invoke = (
    messages: readonly QueuedMessage[],
    deadline: number | AbortSignal | typeof brief = patient,
  ) => {
    expired = new AbortController()
    tries = 0
    const publisher = createPublisher(bus, { firstWait: 1, longestWait: 5 })
    const onFate = (tenant: string, fate: string) => void fates.push(`${tenant}: ${fate}`)
    const context = { publisher, quarantine, payloads, log, onFate }
    const end = typeof deadline === 'number' ? AbortSignal.timeout(deadline) : deadline
    const over = end === brief ? expired.signal : end
    return bridgeBatch(messages, context, over)
  }
  return { invoke, restart, faults, sent, quarantined, calls, lines, fates }
}

describe('a batch of Amazon MQ', () => {
  it('is settled whole: events on the bus, the unreadable in quarantine with the reason', async () => {
    const { invoke, sent, quarantined } = setUp()
    const report = await invoke([event('1'), message('no JSON'), event('2')])
    expect(report).toEqual({ bridged: 2, quarantined: 1, known: 0 })
    expect(sent).toEqual(['1', '2'])
    expect(quarantined).toEqual(['not-json: no JSON'])
  })

  it('costs the store one look-up in the life of the function, as long as all goes well', async () => {
    const { invoke, calls } = setUp()
    for (const id of ['1', '2', '3']) await invoke([event(id)])
    expect(calls).toEqual({ among: 1, remember: 0 })
  })

  it('fails as a whole when one event fails, and sends only that one when it comes again', async () => {
    const { invoke, faults, sent, quarantined, lines } = setUp()
    const messages = [event('1'), event('2'), message('no JSON'), event('3')]
    faults.events.add('2')
    await expect(invoke(messages, brief)).rejects.toMatchObject({
      code: 'batch-unsettled',
      retryable: true,
      message: '1 of 4 messages are not settled: Lambda will retry the batch',
    })
    const named = (outcome: Noted) =>
      idsIn(
        lines.map(({ fields }) => fields),
        'acme',
        outcome,
      )
    expect([named('bridged'), named('returned')]).toEqual([['1', '3'], ['2']])
    faults.events.clear()
    expect(await invoke(again(messages))).toEqual({ bridged: 1, quarantined: 0, known: 3 })
    expect(named('bridged')).toEqual(['1', '3', '2'])
    expect([...sent].sort()).toEqual(['1', '2', '3'])
    expect(quarantined).toEqual(['not-json: no JSON'])
  })

  it('is looked up after a failure also where its messages are not marked as redelivered', async () => {
    const { invoke, faults, sent } = setUp()
    await invoke([event('0')])
    faults.events.add('2')
    await expect(invoke([event('1'), event('2')], brief)).rejects.toThrow()
    faults.events.clear()
    await invoke([event('1'), event('2')])
    expect([...sent].sort()).toEqual(['0', '1', '2'])
  })

  it('is looked up where it is marked, whatever was settled in between', async () => {
    const { invoke, faults, sent } = setUp()
    faults.events.add('2')
    const messages = [event('1'), event('2')]
    await expect(invoke(messages, brief)).rejects.toThrow()
    faults.events.clear()
    await invoke([event('3')])
    await invoke(again(messages))
    expect([...sent].sort()).toEqual(['1', '2', '3'])
  })

  it('knows an event without an id by its hash', async () => {
    const { invoke, faults, sent } = setUp()
    const messages = [event(null), event('2')]
    faults.events.add('2')
    await expect(invoke(messages, brief)).rejects.toThrow()
    faults.events.clear()
    await invoke(again(messages))
    expect(sent).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), '2'])
  })

  it('takes the same body out of the queue of another tenant for another event', async () => {
    const { invoke, faults, sent } = setUp()
    faults.events.add('2')
    await expect(invoke([event('1'), event('2')], brief)).rejects.toThrow()
    const other = { tenant: 'other', queue: 'tenant.other.eventbridge', redelivered: true }
    await invoke([event('1', other)])
    expect(sent).toEqual(['1', '1'])
  })

  it('waits for the quarantine and does not fail for a while of it', async () => {
    const { invoke, faults, quarantined } = setUp()
    faults.quarantine = 1
    const report = await invoke([message('no JSON'), event('1')])
    expect(report).toEqual({ bridged: 1, quarantined: 1, known: 0 })
    expect(quarantined).toEqual(['not-json: no JSON'])
  })

  it('fails when the quarantine is down until the deadline, and keeps the message with the broker', async () => {
    const { invoke, faults, sent, quarantined } = setUp()
    faults.quarantine = Number.POSITIVE_INFINITY
    const messages = [message('no JSON'), event('1')]
    await expect(invoke(messages, brief)).rejects.toMatchObject({ code: 'batch-unsettled' })
    faults.quarantine = 0
    await invoke(again(messages))
    expect([sent, quarantined]).toEqual([['1'], ['not-json: no JSON']])
  })

  it('sends nothing while it is not known what was settled before', async () => {
    const { invoke, faults, sent } = setUp()
    faults.lookUps = Number.POSITIVE_INFINITY
    await expect(invoke([event('1')], brief)).rejects.toThrow('DynamoDB is down')
    expect(sent).toEqual([])
    faults.lookUps = 1
    expect(await invoke([event('1')])).toMatchObject({ bridged: 1 })
    expect(sent).toEqual(['1'])
  })

  it('still fails as a whole when what was settled can not be remembered', async () => {
    const { invoke, faults, sent } = setUp()
    faults.events.add('2')
    faults.remember = true
    const messages = [event('1'), event('2')]
    await expect(invoke(messages, brief)).rejects.toMatchObject({ code: 'batch-unsettled' })
    faults.events.clear()
    await invoke(again(messages))
    // Twice, with the same event id: the handlers drop the second.
    expect([...sent].sort()).toEqual(['1', '1', '2'])
  })

  it('has what came out of nobody’s queue in quarantine, and not on the bus', async () => {
    const { invoke, sent, quarantined } = setUp()
    const stray = event('1', { tenant: noTenant, queue: 'orders' })
    expect(await invoke([stray])).toEqual({ bridged: 0, quarantined: 1, known: 0 })
    expect(sent).toEqual([])
    expect(quarantined).toEqual([`unknown-tenant: ${Buffer.from(stray.body)}`])
  })

  it('counts the fate of each message', async () => {
    const { invoke, faults, fates } = setUp()
    faults.events.add('2')
    const over = new AbortController()
    const messages = [event('1'), event('2'), message('no JSON')]
    const invoked = expect(invoke(messages, over.signal)).rejects.toThrow()
    while (fates.length < 2) await new Promise((resolve) => setImmediate(resolve))
    over.abort()
    await invoked
    expect(fates.toSorted()).toEqual(['acme: bridged', 'acme: quarantined', 'acme: returned'])
  })

  it('logs why nothing is sent, or will be settled twice', async () => {
    const { invoke, faults, lines, sent } = setUp()
    faults.lookUps = 1
    faults.remember = true
    faults.events.add('2')
    const over = new AbortController()
    const invoked = expect(invoke([event('1'), event('2')], over.signal)).rejects.toThrow()
    while (sent.length === 0) await new Promise((resolve) => setImmediate(resolve))
    over.abort()
    await invoked
    const about = lines.filter(({ fields }) => 'error' in fields)
    expect(about.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { error: new Error('DynamoDB is down') }],
      ['error', { messages: 1, error: new Error('DynamoDB is down') }],
    ])
  })

  it('asks the store for nothing where all was settled, and remembers a suspect at once', async () => {
    const { invoke, calls } = setUp()
    await invoke([event('1')])
    const properties = { headers: { 'x-delivery-count': 3 } }
    await invoke([event('2', { properties, redelivered: true })])
    expect(calls).toEqual({ among: 2, remember: 1 })
    await invoke([event('3', { redelivered: true }), event('4')])
    expect(calls).toEqual({ among: 3, remember: 1 })
    expect(await invoke([])).toEqual({ bridged: 0, quarantined: 0, known: 0 })
    expect(calls.among).toBe(3)
  })

  it('remembers no suspect that goes back', async () => {
    const { invoke, faults, sent } = setUp()
    const properties = { headers: { 'x-delivery-count': 3 } }
    const suspect = event('1', { properties, redelivered: true })
    faults.events.add('1')
    await expect(invoke([suspect], brief)).rejects.toMatchObject({ code: 'batch-unsettled' })
    faults.events.clear()
    expect(await invoke([suspect])).toEqual({ bridged: 1, quarantined: 0, known: 0 })
    expect(sent).toEqual(['1'])
  })

  it('gets the others past a message that kills the function, each of them once', async () => {
    let kill = () => {}
    // Data that is too large for the bus goes here first: that of the killer alone.
    const save = () => {
      kill()
      return new Promise<never>(() => {})
    }
    const { invoke, restart, sent } = setUp({ ...memoryPayloads(), save })
    const killer = message(
      JSON.stringify({ data: { type: 'task.create', id: 'killer', text: 'x'.repeat(1e6) } }),
    )
    const others = Array.from({ length: 20 }, (_, index) => `${index}`)
    const messages = [killer, ...others.map((id) => event(id))]
    // About half of those that are left get past it each time: 40 times are beyond all chance.
    for (let returns = 3; returns < 43 && sent.length < others.length; returns += 1) {
      const properties = { headers: { 'x-delivery-count': returns } }
      const killed = new Promise<void>((resolve) => {
        kill = resolve
      })
      const delivered = again(messages).map((one) => ({ ...one, properties }))
      await Promise.race([invoke(delivered), killed])
      restart()
    }
    expect([...sent].sort()).toEqual([...others].sort())
  }, 300_000)

  it('settles each message once, whatever fails how often', async () => {
    const batches = fc.array(fc.record({ isEvent: fc.boolean(), failures: fc.nat(2) }), {
      minLength: 1,
      maxLength: 30,
    })
    await fc.assert(
      fc.asyncProperty(batches, async (plan) => {
        const { invoke, faults, sent, quarantined } = setUp()
        const messages = plan.map(({ isEvent }, index) =>
          isEvent ? event(`${index}`) : message(`no JSON ${index}`),
        )
        for (let round = 0, over = false; !over; round += 1) {
          faults.events = new Set(
            plan.flatMap(({ failures }, index) => (failures > round ? [`${index}`] : [])),
          )
          over = await invoke(round === 0 ? messages : again(messages), 10).then(
            () => true,
            ({ code }) => code !== 'batch-unsettled',
          )
        }
        const indexes = (isEvent: boolean) =>
          plan.flatMap((one, index) => (one.isEvent === isEvent ? [index] : []))
        expect([...sent].sort()).toEqual(indexes(true).map(String).sort())
        expect([...quarantined].sort()).toEqual(
          indexes(false)
            .map((index) => `not-json: no JSON ${index}`)
            .sort(),
        )
      }),
      { numRuns: 30 },
    )
  })
})
