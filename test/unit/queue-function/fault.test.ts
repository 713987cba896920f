import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from '@jest/globals'
import type { Context } from 'aws-lambda'
import { createOnce } from '../../../lib/aws/tables/idempotency.ts'
import { EcosError } from '../../../lib/errors.ts'
import { type Fault, faultOf } from '../../../lib/queue-function/fault.ts'

const context = { functionName: 'f', getRemainingTimeInMillis: () => 30_000 } as Context

/** A minute: on a busy machine, an answer must not lose against the time-out. */
const longTimeout = 60_000

/** The faults of what AWS's own clients throw at a service that answers so; without an answer it is not there. */
async function faultsAgainst(
  answer?: RequestListener,
  requestTimeout = longTimeout,
): Promise<Record<string, Fault>> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  if (!answer) await new Promise((resolve) => server.close(resolve))
  const options = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: 1,
    forcePathStyle: true,
    requestHandler: { requestTimeout, throwOnRequestTimeout: true },
  }
  const Key = { id: { S: 'x' } }
  const Entries = [{ Id: '0', MessageBody: 'x' }]
  const dynamoDb = new DynamoDBClient(options)
  const works = {
    dynamoDb: () => dynamoDb.send(new GetItemCommand({ TableName: 't', Key })),
    s3: () =>
      new S3Client(options).send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' })),
    sqs: () => {
      const QueueUrl = `${options.endpoint}/q`
      return new SQSClient(options).send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    },
    lock: () => createOnce('t', dynamoDb)(['key'], context, async () => 'done'),
  }
  const faults = Object.entries(works).map(async ([name, work]) => [
    name,
    await work().then(() => 'none', faultOf),
  ])
  const found = Object.fromEntries(await Promise.all(faults))
  if (answer) server.closeAllConnections()
  server.close()
  return found
}

const refusal = (status: number, type: string): RequestListener => {
  const body = JSON.stringify({ __type: type, message: 'no' })
  return (_, response) => response.writeHead(status, { 'x-amzn-errortype': type }).end(body)
}

describe('the fault is a service’s', () => {
  const everywhere = { dynamoDb: 'service', s3: 'service', sqs: 'service', lock: 'service' }
  it.each([
    ['is not there', undefined],
    ['breaks off', (request) => request.socket.destroy()],
    ['fails', refusal(500, 'InternalServerError')],
    ['is unavailable', refusal(503, 'ServiceUnavailable')],
    ['throttles', refusal(400, 'ThrottlingException')],
    ['has no capacity', refusal(400, 'ProvisionedThroughputExceededException')],
    ['does not let us', refusal(403, 'AccessDeniedException')],
  ] as [string, RequestListener | undefined][])('where it %s', async (_, answer) => {
    expect(await faultsAgainst(answer)).toEqual(everywhere)
  })

  it('where it never answers', async () => {
    expect(await faultsAgainst(() => undefined, 100)).toEqual(everywhere)
  })

  it('where our own error says that it may pass', () => {
    expect(faultOf(new EcosError('queue-failed', 'x', { retryable: true }))).toBe('service')
  })
})

describe('the fault is the message’s', () => {
  it('where a store rejects its content', async () => {
    const { dynamoDb } = await faultsAgainst(refusal(400, 'ValidationException'))
    expect(dynamoDb).toBe('message')
  })

  it.each([
    new EcosError('template-failed', 'x'),
    new EcosError('payload-not-found', 'x', {
      cause: Object.assign(new Error(), { $metadata: {} }),
    }),
    new RangeError('Invalid time zone specified: IST'),
    new TypeError('x is not a function'),
    'thrown text',
    undefined,
  ])('for %p', (error) => {
    expect(faultOf(error)).toBe('message')
  })
})
