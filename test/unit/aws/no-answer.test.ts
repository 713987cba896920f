import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SESv2Client } from '@aws-sdk/client-sesv2'
import { SNSClient } from '@aws-sdk/client-sns'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createClient } from '../../../lib/aws/client.ts'
import { createSes } from '../../../lib/aws/ses.ts'
import { createSns } from '../../../lib/aws/sns.ts'

const opened: Server[] = []
afterEach(() => {
  for (const server of opened.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** SNS's answer on the wire (SNS API reference, Common Errors), and SES's. */
const snsError = (status: number, code: string): RequestListener => {
  const body = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>x</Message></Error></ErrorResponse>`
  return (_, response) => response.writeHead(status, { 'content-type': 'text/xml' }).end(body)
}
const hang: RequestListener = (request) => request.resume()
const hangUp: RequestListener = (request) => {
  request.resume().on('end', () => request.socket.destroy())
}

async function serving(listener: RequestListener) {
  let calls = 0
  const server = createServer((request, response) => {
    calls += 1
    listener(request, response)
  }).listen(0, '127.0.0.1')
  opened.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { endpoint, calls: () => calls }
}

const credentials = { accessKeyId: 'x', secretAccessKey: 'y' }
const bounds = { requestTimeout: 1_000, totalTimeout: 60_000 }
const options = (endpoint: string) => ({
  endpoint,
  region: 'eu-central-1',
  credentials,
  maxAttempts: 1,
})

async function text(endpoint: string) {
  const send = createSns(undefined, createClient(SNSClient, bounds, options(endpoint)))
  return send('+79991234567', 'text')
}

async function mail(endpoint: string) {
  const send = createSes(createClient(SESv2Client, bounds, options(endpoint)))
  const { outcome } = await send({ from: 'a@x.example', to: 'b@x.example', text: 'x' }, 'acme')
  return outcome
}

describe('a call of SNS or SES', () => {
  it.each([
    ['hangs', hang],
    ['hangs up', hangUp],
  ] as const)(
    'that was sent, and whose other end %s, is unknown, and is not repeated',
    async (_, deed) => {
      const { endpoint, calls } = await serving(deed)
      expect(await text(endpoint)).toMatchObject({ outcome: 'unknown' })
      expect(await mail(endpoint)).toBe('unknown')
      expect(calls()).toBe(2)
    },
  )

  it('that finds nobody is transient', async () => {
    const { endpoint } = await serving(hang)
    const [server] = opened.splice(0)
    await new Promise((resolve) => server?.close(resolve))
    expect(await text(endpoint)).toMatchObject({ outcome: 'transient' })
    expect(await mail(endpoint)).toBe('transient')
  })

  it.each([
    [400, 'InvalidParameter', 'permanent', 'SNS InvalidParameterException'],
    [400, 'ParameterValueInvalid', 'permanent', 'SNS InvalidParameterValueException'],
    [400, 'Throttling', 'transient', 'SNS Throttling'],
    [403, 'AuthorizationError', 'transient', 'SNS AuthorizationErrorException'],
    [500, 'InternalError', 'transient', 'SNS InternalErrorException'],
    [503, 'ServiceUnavailable', 'transient', 'SNS ServiceUnavailable'],
  ])('that SNS answers with %d %s is %s', async (status, code, outcome, reason) => {
    const { endpoint } = await serving(snsError(status, code))
    expect(await text(endpoint)).toEqual({ outcome, reason })
  })
})
