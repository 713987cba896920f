import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { below } from '../../../lib/channels/below.ts'
import {
  createHttp,
  networkFailure,
  noAnswer,
  post,
  retryAfterSeconds,
} from '../../../lib/channels/http.ts'

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
  async function postTo(answer: Parameters<typeof createServer>[1], timeout?: number) {
    const server = createServer({}, answer).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const client = createHttp()
    try {
      return await post(url, {}, '', client, timeout)
    } finally {
      client.close()
      server.closeAllConnections()
      server.close()
    }
  }

  it('never ends its answer has answered', async () => {
    const answer = await postTo(
      (_, response) => void response.writeHead(200).write('almost'),
      2_000,
    )
    expect(answer).toEqual({ status: 200, body: 'almost' })
  })

  it('never answers is given up: it may have accepted the request', async () => {
    const error = await postTo(() => undefined, 200).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect(networkFailure(error)).toEqual({ outcome: 'transient', reason: 'TimeoutError' })
    expect(noAnswer(error)).toEqual({ outcome: 'unknown', reason: 'TimeoutError' })
  })

  it('hangs up instead of an answer may have accepted the request', async () => {
    const error = await postTo(({ socket }) => socket.destroy()).catch((thrown: unknown) => thrown)
    expect(noAnswer(error)).toEqual({ outcome: 'unknown', reason: 'ECONNRESET' })
  })

  it('changes to another protocol has not answered', async () => {
    const error = await postTo(({ socket }) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')
    }).catch((thrown: unknown) => thrown)
    expect(noAnswer(error)).toEqual({ outcome: 'unknown', reason: 'ECONNRESET' })
  })

  it('is not there has accepted nothing', async () => {
    const client = createHttp()
    const posting = post(new URL('http://127.0.0.1:9/'), {}, 'x', client)
    const error = await posting.catch((thrown: unknown) => thrown)
    expect(noAnswer(error)).toEqual({ outcome: 'transient', reason: 'ECONNREFUSED' })
    client.close()
  })

  it('does not complete a TLS handshake has accepted nothing', async () => {
    const silent = createTcpServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const client = createHttp({ connectTimeout: 100 })
    const url = new URL(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`)
    const error = await post(url, {}, 'x', client, 2_000).catch((thrown: unknown) => thrown)
    expect(noAnswer(error)).toMatchObject({ outcome: 'transient' })
    client.close()
    silent.close()
  })
})

it.each([
  ['https://api.telegram.org', 'https://api.telegram.org/bot1:x/sendMessage'],
  ['https://api.telegram.org/', 'https://api.telegram.org/bot1:x/sendMessage'],
  ['https://gateway.example/telegram', 'https://gateway.example/telegram/bot1:x/sendMessage'],
  ['https://gateway.example/a/b//?key=1', 'https://gateway.example/a/b/bot1:x/sendMessage?key=1'],
])('an API at %s is asked below its path', (apiUrl, url) => {
  expect(below(apiUrl, 'bot1:x/sendMessage').href).toBe(url)
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
