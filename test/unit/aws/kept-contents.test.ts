import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from '@jest/globals'
import { copyContents } from '../../../lib/aws/kept-contents.ts'

const gone = 'notifications/reminders/acme/gone.json'
const keys = [gone, 'notifications/reminders/acme/there.json']

const noSuchKey = '<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>'
const copied = '<CopyObjectResult><ETag>"1"</ETag></CopyObjectResult>'

function listOf(prefix: string): string {
  const contents = keys.filter((key) => key.startsWith(prefix))
  const items = contents.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${items}</ListBucketResult>`
}

it('a content that is deleted while a tenant is carried costs the others nothing', async () => {
  const server = createServer((request, response) => {
    const isGone = String(request.headers['x-amz-copy-source']).includes(encodeURIComponent(gone))
    const { searchParams } = new URL(request.url ?? '', 'http://s3')
    const list = () => listOf(searchParams.get('prefix') ?? '')
    response.writeHead(isGone ? 404 : 200, { 'content-type': 'application/xml' })
    response.end(request.method === 'GET' ? list() : isGone ? noSuchKey : copied)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env
  const before = { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' },
  })
  try {
    expect(await copyContents('acme', { name: 'old' }, { name: 'new' })).toBe(1)
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    server.closeAllConnections()
    server.close()
  }
})
