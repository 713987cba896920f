import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { exitCodeOf } from '../../../bin/exit-code.ts'
import { pathOf } from '../../../bin/help.ts'
import { createProgram } from '../../../bin/program.ts'
import { EcosError } from '../../../lib/errors.ts'
import { firstExample, hasOption, leaves } from '../../support/command-lines.ts'
import { temporaryFolder } from '../../support/worker.ts'

const folder = temporaryFolder()
const before = { ...process.env }

/** Whether the account has the cell; its tables and queues are empty. */
let isDeployed = true

/** What AWS answers: undefined for what is not there. */
function answerTo(target: string, host: string, body: string): object | undefined {
  if (target === 'AmazonSQS.ListQueues') {
    return { QueueUrls: isDeployed ? [`http://${host}/0/ecos-main-task-create-dlq`] : [] }
  }
  if (!isDeployed) return undefined
  if (target === 'AmazonSQS.GetQueueAttributes') {
    return { Attributes: { ApproximateNumberOfMessages: '0' } }
  }
  if (target === 'AWSEvents.DescribeArchive')
    return { ArchiveArn: 'archive', EventSourceArn: 'bus' }
  return body.includes('attribute_exists') ? undefined : { Items: [] }
}

const account = createServer(async (request, response) => {
  const { host = '', 'x-amz-target': target } = request.headers
  const body = answerTo(String(target), host, await text(request))
  const __type = isDeployed ? 'ConditionalCheckFailedException' : 'ResourceNotFoundException'
  response.writeHead(body ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' })
  response.end(JSON.stringify(body ?? { __type }))
})

beforeAll(async () => {
  await new Promise<void>((listening) => account.listen(0, '127.0.0.1', listening))
  folder.write('persons.csv', 'username,email\nsmith,smith@acme.example\n')
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(account.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    ZOOKEEPER_SERVERS: '127.0.0.1:1',
    TENANTS_FILE: folder.write('tenants.yml', 'tenants: { globex: {} }'),
  })
  jest.spyOn(process.stdout, 'write').mockReturnValue(true)
})
afterAll(() => {
  jest.restoreAllMocks()
  process.env = before
  account.close()
  account.closeAllConnections()
  folder.remove()
})

/** The exit code of a command line, and why. */
async function codeOf(args: readonly string[]): Promise<[number, string]> {
  // Those of `dlq` would look for dead letters at the broker too.
  if (args[0] === 'dlq') delete process.env['AMQP_URL']
  else process.env['AMQP_URL'] = 'amqp://127.0.0.1:1'
  const error = await (await createProgram()).parseAsync([...args], { from: 'user' }).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (error === undefined) return [Number(process.exitCode ?? 0), '']
  return [
    exitCodeOf(error),
    error instanceof EcosError ? `${error.code} ${error.message}` : String(error),
  ]
}

/** They are for a tenant that has gone or that comes, or ask nobody. */
const ofAnyTenant = ['bridge unbind', 'migrate rollback', 'permissions', 'tenants add']

const ofTenants = leaves
  .filter((leaf) => hasOption(leaf, '--tenant') && firstExample(leaf).includes('acme'))
  .map((leaf) => [pathOf(leaf), leaf] as const)
  .filter(([path]) => !ofAnyTenant.includes(path))

describe('an unknown tenant is a failure', () => {
  it.each(ofTenants)('of %s', async (_, leaf) => {
    const [code, reason] = await codeOf(firstExample(leaf).map(inFolder))
    expect([code, reason]).toEqual([1, expect.stringMatching(/^(no-such|unknown)-tenant/)])
  })
})

/** They report what is not there, write policies for a cell to come, serve a page, or read their file first. */
const ofAnyCell = [
  ...['doctor', 'permissions', 'console', 'tenants add', 'templates check'],
  'subscriptions import',
]

const ofCells = leaves
  .filter((leaf) => hasOption(leaf, '--cell'))
  .map((leaf) => [pathOf(leaf), leaf] as const)
  .filter(([path]) => !ofAnyCell.includes(path))

describe('an unknown cell is a failure', () => {
  beforeAll(() => {
    isDeployed = false
  })
  it.each(ofCells)('of %s', async (_, leaf) => {
    const args = firstExample(leaf).map(inFolder)
    const [code, reason] = await codeOf([...args, '--cell', 'nowhere'])
    expect([code, reason]).toEqual([
      1,
      expect.stringMatching(/^(no-such-(cell|table|tenant)|not-deployed|no-archive)/),
    ])
  })
})

/** Files of the examples. */
function inFolder(word: string): string {
  return /\.(csv|json|jsonl)$/.test(word) ? folder.path(word) : word
}
