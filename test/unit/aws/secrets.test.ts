import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { secretText } from '../../../lib/aws/secrets.ts'

/** Secrets Manager's answer to a secret that is missing, forbidden, empty, or not answered for, by the secret's name. */
const answers: Readonly<Record<string, [status: number, body: object]>> = {
  missing: [400, { __type: 'ResourceNotFoundException', Message: "can't find the secret" }],
  forbidden: [400, { __type: 'AccessDeniedException', Message: 'is not authorized' }],
  broken: [400, { __type: 'InternalServiceError', Message: 'try again' }],
  empty: [200, { Name: 'empty', SecretString: ' ' }],
}
let server: Server

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      const [status, body] = answers[JSON.parse(text).SecretId] ?? [500, {}]
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = `http://127.0.0.1:${port}`
  process.env['AWS_REGION'] = 'eu-central-1'
  process.env['AWS_ACCESS_KEY_ID'] = 'test'
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test'
})

afterAll(() => {
  server.close()
})

describe('secretText', () => {
  it.each([
    ['missing', 'secret-missing', 'There is no secret missing'],
    ['forbidden', 'secret-unreadable', 'allow secretsmanager:GetSecretValue'],
    ['broken', 'secret-unreadable', "The secret broken can't be read: InternalServiceError"],
    ['empty', 'secret-unreadable', 'The secret empty holds no text'],
  ])('tells that a secret is %s', async (secretId, code, message) => {
    await expect(secretText(secretId)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })
})
