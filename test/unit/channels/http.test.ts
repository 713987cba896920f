import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { createHttp, networkFailure, post, retryAfterSeconds } from '../../../lib/channels/http.ts'

const now = Date.parse('2026-11-25T10:00:00Z')

describe('Retry-After', () => {
  it.each([
    ['120', 120],
    ['0', 0],
    ['Wed, 25 Nov 2026 10:01:30 GMT', 90],
    ['Wed, 25 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
    [['1', '2'], undefined],
  ])('%j is %j seconds', (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds)
  })
})

describe('a server that', () => {
  async function postTo(answer: Parameters<typeof createServer>[1]) {
    const server = createServer({}, answer).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const dispatcher = createHttp()
    try {
      return await post(url, {}, '', dispatcher, 200)
    } finally {
      await dispatcher.destroy()
      server.closeAllConnections()
      server.close()
    }
  }

  it('never ends its answer has answered', async () => {
    const answer = await postTo((_, response) => void response.writeHead(200).write('almost'))
    expect(answer).toEqual({ status: 200, body: 'almost' })
  })

  it('never answers is given up', async () => {
    await expect(postTo(() => undefined)).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

describe('a failure without an answer', () => {
  it('is told by its code alone, for its text may hold a secret', () => {
    const error = Object.assign(new Error('https://x.example/bot123:secret'), {
      code: 'ECONNRESET',
    })
    expect(networkFailure(error)).toEqual({ outcome: 'transient', reason: 'ECONNRESET' })
    expect(networkFailure(new TypeError('secret'))).toMatchObject({ reason: 'TypeError' })
  })
})
