import { expect, it } from '@jest/globals'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import type { Fate } from '../../../../lib/bridge/settle-message.ts'
import { createInFlight } from '../../../../lib/bridge/worker/in-flight.ts'
import { createStatus } from '../../../../lib/bridge/worker/status.ts'

const messageIn = (queue: string, tenant = 'acme') =>
  ({
    tenant,
    queue,
    properties: {},
    redelivered: false,
  }) as Partial<IncomingMessage> as IncomingMessage

/** Messages in flight, which the test settles in the order in which they came. */
function start() {
  const status = createStatus()
  const told: string[] = []
  const settling: PromiseWithResolvers<Fate>[] = []
  const inFlight = createInFlight(
    () => {
      const one = Promise.withResolvers<Fate>()
      settling.push(one)
      return one.promise
    },
    status,
    (tenant, fate) => void told.push(`${tenant} ${fate}`),
  )
  const next = () => settling.shift() as PromiseWithResolvers<Fate>
  return { ...inFlight, status, told, next }
}

const turn = () => new Promise(setImmediate)

it('counts what is taken and not settled, also by queue, and where each message went', async () => {
  const { add, isIdle, status, told, next } = start()
  const first = add(messageIn('one'))
  const second = add(messageIn('one', 'beta'))
  expect([status.inFlight, isIdle('one'), isIdle('two')]).toEqual([2, false, true])
  next().resolve('bridged')
  expect(await first).toBe('bridged')
  expect([status.inFlight, isIdle('one')]).toEqual([1, false])
  next().resolve('quarantined')
  expect(await second).toBe('quarantined')
  expect([status.inFlight, isIdle('one')]).toEqual([0, true])
  expect(status.settled).toMatchObject({ bridged: 1, quarantined: 1, returned: 0 })
  expect(told).toEqual(['acme bridged', 'beta quarantined'])
})

it('has finished when the last message is settled, and at once while there is none', async () => {
  const { add, finish, next } = start()
  await finish()
  void add(messageIn('one'))
  void add(messageIn('two'))
  let finished = false
  const finishing = finish().then(() => {
    finished = true
  })
  next().resolve('bridged')
  await turn()
  expect(finished).toBe(false)
  // What comes meanwhile is waited for as well.
  void add(messageIn('one'))
  next().resolve('bridged')
  await turn()
  expect(finished).toBe(false)
  next().resolve('bridged')
  await turn()
  expect(finished).toBe(true)
  await finishing
})

it('a message that could not be settled is in flight no more, and its failure is told', async () => {
  const { add, finish, isIdle, status, told, next } = start()
  const adding = add(messageIn('one'))
  next().reject(new Error('broken'))
  await expect(adding).rejects.toThrow('broken')
  expect([status.inFlight, isIdle('one'), told]).toEqual([0, true, []])
  await finish()
})
