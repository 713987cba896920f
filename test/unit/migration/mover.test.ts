import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { createMover } from '../../../lib/migration/mover.ts'
import { message, task } from './memory-message.ts'

/** A mover whose confirms come when the test says so. */
function setUp(remembered?: number) {
  const published: { body: string; confirm(): void; refuse(error: Error): void }[] = []
  const acknowledged: string[] = []
  let settled = 0
  const mover = createMover(({ body }) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    published.push({ body: Buffer.from(body).toString(), confirm: resolve, refuse: reject })
    return promise
  }, remembered)
  const take = async (...bodies: string[]) => {
    for (const body of bodies)
      void mover.move(message(body, acknowledged)).then(() => (settled += 1))
    await turn()
  }
  return { settled: () => settled, mover, take, published, acknowledged }
}

describe('mover', () => {
  it('acknowledges a message, and its copies, only after the first one is confirmed', async () => {
    const { mover, take, published, acknowledged, settled } = setUp()
    await take(task('1'), task('1'), task('2'))
    expect(published.map(({ body }) => body)).toEqual([task('1'), task('2')])
    expect(acknowledged).toEqual([])
    published[0]?.confirm()
    await turn()
    expect(acknowledged).toEqual([task('1'), task('1')])
    await take(task('1'))
    expect(acknowledged).toEqual([task('1'), task('1'), task('1')])
    expect(mover.counts).toEqual({ moved: 1, copies: 2 })
    expect(settled()).toBe(3)
  })

  it('acknowledges neither an unconfirmed message nor its copies, and throws the failure', async () => {
    const { mover, take, published, acknowledged } = setUp()
    await take(task('1'), task('1'))
    mover.check()
    published[0]?.refuse(new Error('nacked'))
    await turn()
    expect(acknowledged).toEqual([])
    expect(() => mover.check()).toThrow('nacked')
  })

  it('drops messages that the target has already, and keeps messages of a pause waiting', async () => {
    const { mover, take, published, acknowledged } = setUp()
    mover.pause()
    await take(task('1'), task('2'))
    expect(published).toEqual([])
    mover.know(message(task('1')))
    mover.resume()
    await turn()
    expect(acknowledged).toEqual([task('1')])
    expect(published.map(({ body }) => body)).toEqual([task('2')])
  })

  it('moves a copy of a forgotten message once more, and loses nothing', async () => {
    const { mover, take, published } = setUp(1)
    for (const id of ['1', '2', '1']) {
      await take(task(id))
      published.at(-1)?.confirm()
      await turn()
    }
    expect(mover.counts).toEqual({ moved: 3, copies: 0 })
  })
})
