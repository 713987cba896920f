import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Context } from 'aws-lambda'
import { createOnce } from '../../../../lib/aws/tables/idempotency.ts'

/** Milliseconds until the lock that the table holds ends. */
let lockedFor = 0

/** A table in which another invocation holds every key. */
const table = createServer((request, response) => {
  const now = Date.now()
  const Item = {
    id: { S: 'f#x' },
    status: { S: 'INPROGRESS' },
    expiration: { N: String(Math.floor(now / 1000) + 1000) },
    in_progress_expiration: { N: String(now + lockedFor) },
  }
  if (String(request.headers['x-amz-target']).endsWith('GetItem')) {
    response.writeHead(200).end(JSON.stringify({ Item }))
  } else {
    const __type = 'ConditionalCheckFailedException'
    response.writeHead(400).end(JSON.stringify({ __type, message: 'held', Item }))
  }
})

beforeAll(() => new Promise<void>((resolve) => table.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  table.close()
  table.closeAllConnections()
})

it.each([
  [21_999, 22],
  [400, 1],
  [-5_000, 1],
])('whoever meets a lock that ends in %d ms comes back after %d s', async (ends, seconds) => {
  lockedFor = ends
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(table.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  })
  const context = { functionName: 'f', getRemainingTimeInMillis: () => 30_000 } as Context
  const work = createOnce('t', client)(['key'], context, async () => 'done')
  await expect(work).rejects.toMatchObject({
    code: 'under-way',
    retryable: true,
    retryAfterSeconds: seconds,
  })
})
