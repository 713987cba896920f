import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterEach, describe, expect, it } from '@jest/globals'
import { json, serve } from '../../../local/receivers/server.ts'
import { faultNamed } from '../../../torture/nemesis/index.ts'
import { createRandom } from '../../../torture/plan/random.ts'
import { errorAnswer } from '../../../torture/world/aws-errors.ts'
import { type AwsLink, startAwsLink } from '../../../torture/world/aws-link.ts'
import { startTcpLink } from '../../../torture/world/tcp-link.ts'
import type { World } from '../../../torture/world/world.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A link to a server that sends back what it gets. */
async function echoed() {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.pipe(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const link = await startTcpLink((server.address() as AddressInfo).port)
  const socket = connect(link.port, '127.0.0.1')
  cleanups.push(
    () => server.close(),
    () => link.close(),
    () => socket.destroy(),
  )
  let received = ''
  socket.on('data', (bytes) => {
    received += bytes
  })
  const until = async (text: string) => {
    while (!received.includes(text)) await once(socket, 'data')
    return received
  }
  return { link, socket, until, received: () => received }
}

/** Also after an error, at which `once` would reject. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.on('error', () => undefined).on('close', () => resolve()))
}

describe('the TCP link', () => {
  it('passes bytes in their order, also while it is slow', async () => {
    const { link, socket, until } = await echoed()
    socket.write('one ')
    await until('one ')
    link.mode = { kind: 'slow', ms: 20 }
    socket.write('two ')
    link.mode = { kind: 'pass' }
    socket.write('three ')
    expect(await until('three ')).toBe('one two three ')
  })

  it('keeps a frozen connection open, and passes nothing over it any more', async () => {
    const { link, socket, until, received } = await echoed()
    socket.write('one ')
    await until('one ')
    link.mode = { kind: 'freeze' }
    socket.write('two ')
    await new Promise((resolve) => setTimeout(resolve, 50))
    link.mode = { kind: 'pass' }
    socket.write('three ')
    const other = connect(link.port, '127.0.0.1')
    cleanups.push(() => other.destroy())
    other.write('new')
    await once(other, 'data')
    expect(received()).toBe('one ')
    expect(socket.closed).toBe(false)
  })

  it('cuts connections, and refuses new ones', async () => {
    const { link, socket, until } = await echoed()
    socket.write('one ')
    await until('one ')
    link.isRefusing = true
    const cut = closed(socket)
    link.cut('reset')
    await cut
    const other = connect(link.port, '127.0.0.1')
    await closed(other)
  })
})

type Entry = { Detail: string }
type Answer = { FailedEntryCount: number; Entries: { EventId?: string; ErrorCode?: string }[] }

/** A link to a PutEvents that gives each entry the id of its detail. */
async function bus() {
  const taken: string[] = []
  const service = await serve(({ body }) => {
    const { Entries } = JSON.parse(body) as { Entries: Entry[] }
    taken.push(...Entries.map(({ Detail }) => Detail))
    const results = Entries.map(({ Detail }) => ({ EventId: Detail }))
    return json(200, { FailedEntryCount: 0, Entries: results })
  })
  const awsLink = await startAwsLink(service.url)
  cleanups.push(
    () => service.close(),
    () => awsLink.close(),
  )
  const put = async (details: readonly string[]) => {
    const response = await fetch(awsLink.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries: details.map((Detail) => ({ Detail })) }),
    })
    return { status: response.status, body: (await response.json()) as Answer }
  }
  return { awsLink, put, taken }
}

function start(name: string, awsLink: AwsLink) {
  return faultNamed(name).start({ awsLink } as World, createRandom(4))
}

describe('the link to AWS', () => {
  it('passes calls and answers on', async () => {
    const { put, taken } = await bus()
    const Entries = [{ EventId: 'a' }, { EventId: 'b' }]
    expect(await put(['a', 'b'])).toEqual({ status: 200, body: { FailedEntryCount: 0, Entries } })
    expect(taken).toEqual(['a', 'b'])
  })

  it('fails some entries of a call: each result stands at the index of its entry', async () => {
    const { awsLink, put, taken } = await bus()
    const end = await start('eventbridge-fails-entries', awsLink)
    const details = Array.from({ length: 100 }, (_, index) => String(index))
    const { body } = await put(details)
    const accepted = body.Entries.flatMap(({ EventId }, index) =>
      EventId ? [[index, EventId]] : [],
    )
    expect(accepted).toEqual(taken.map((detail) => [Number(detail), detail]))
    expect(body.FailedEntryCount).toBe(100 - taken.length)
    expect(taken.length).toBeGreaterThan(20)
    expect(taken.length).toBeLessThan(80)
    await end()
    expect((await put(['a'])).body.FailedEntryCount).toBe(0)
  })

  it('loses answers of calls that AWS has done', async () => {
    const { awsLink, put, taken } = await bus()
    awsLink.faults.add(() => ({ kind: 'lose-answer' }))
    await expect(put(['a'])).rejects.toThrow()
    expect(taken).toEqual(['a'])
  })

  it('throttles as the service does', async () => {
    const { awsLink, put, taken } = await bus()
    const end = await start('eventbridge-throttles', awsLink)
    const answers = []
    for (let count = 0; count < 20; count += 1) answers.push(await put(['a']))
    await end()
    const throttled = answers.filter(({ status }) => status === 400)
    expect(throttled.length).toBeGreaterThan(0)
    expect(throttled[0]?.body).toMatchObject({ __type: 'ThrottlingException' })
    expect(taken).toHaveLength(20 - throttled.length)
  })

  it('fails as each service does, in the form that its client reads', async () => {
    const { awsLink } = await bus()
    awsLink.faults.add(({ service }) => errorAnswer(service, 503, 'ServiceUnavailable'))
    const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }
    const place = { region: 'eu-central-1', credentials, maxAttempts: 1 }
    const options = { ...place, endpoint: awsLink.endpoint }
    const calls = [
      new S3Client({ ...options, forcePathStyle: true }).send(
        new ListObjectsV2Command({ Bucket: 'bucket' }),
      ),
      new SNSClient(options).send(
        new PublishCommand({ PhoneNumber: '+79990001000', Message: 'text' }),
      ),
      new SQSClient(options).send(new ListQueuesCommand({})),
    ]
    const failures = await Promise.allSettled(calls)
    const reasons = failures.map((one) => one.status === 'rejected' && `${one.reason}`)
    expect(reasons).toEqual(calls.map(() => 'ServiceUnavailable: The rig'))
  })
})
