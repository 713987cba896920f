import { globSync, readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterEach, describe, expect, it } from '@jest/globals'
import { boundCalls, createClient } from '../../../lib/aws/client.ts'
import { createPayloadStore } from '../../../lib/aws/payloads.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serverThat(listener: RequestListener) {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    forcePathStyle: true,
  }
}

const never: RequestListener = () => undefined
const bounds = { connectionTimeout: 400, requestTimeout: 400, totalTimeout: 60_000 }
const list = new ListQueuesCommand()

describe('a call of an AWS client', () => {
  it('ends where the server accepts the connection and never answers', async () => {
    let requests = 0
    const config = await serverThat(() => (requests += 1))
    const client = createClient(SQSClient, bounds, config)
    await expect(client.send(list)).rejects.toMatchObject({ name: 'TimeoutError' })
    // The SDK's own retries.
    expect(requests).toBeGreaterThan(1)
  })

  it('ends where the answer begins and then stalls', async () => {
    const config = await serverThat((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('x')
    })
    const store = createPayloadStore('bucket', createClient(S3Client, bounds, config))
    await expect(store.load('s3://bucket/key')).rejects.toThrow()
  })

  it('ends where the answer trickles without end', async () => {
    const config = await serverThat((_, response) => {
      const trickle = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(trickle))
    })
    const client = createClient(S3Client, { ...bounds, totalTimeout: 500 }, config)
    await expect(createPayloadStore('bucket', client).load('s3://bucket/key')).rejects.toThrow()
  })

  it('ends with its whole time, however many attempts it has left', async () => {
    const config = { ...(await serverThat(never)), maxAttempts: 1_000 }
    const client = createClient(SQSClient, { ...bounds, totalTimeout: 500 }, config)
    await expect(client.send(list)).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('ends for a client on top of another one', async () => {
    const config = await serverThat(never)
    const client = createClient(DynamoDBClient, { totalTimeout: 60_000 }, config)
    const document = boundCalls(DynamoDBDocumentClient.from(client), 300)
    const command = new GetItemCommand({ TableName: 't', Key: { id: { S: '1' } } })
    await expect(document.send(command)).rejects.toMatchObject({ name: 'AbortError' })
  })
})

it('is made in one place alone', () => {
  const making = /new (?:[A-Z]\w*)?Client\b|\bgetSecret\(|\bnew SecretsProvider\(\)/
  const files = globSync('{lib,bin,functions,console,build}/**/*.ts')
  expect(files.length).toBeGreaterThan(100)
  const makers = files.filter((file) => making.test(readFileSync(file, 'utf8')))
  expect(makers).toEqual(['lib/aws/client.ts'])
})
