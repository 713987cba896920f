import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { type ChannelModel, connect } from 'amqplib'
import { connectBroker } from '../../lib/amqp/broker.ts'
import { topologyOf } from '../../lib/bridge/topology.ts'
import type { Finding } from '../../lib/operations/doctor/finding.ts'
import { ownPartition } from '../../lib/tenants/partition.ts'
import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { parseTenants } from '../../lib/tenants/tenants-file.ts'
import { cloudEnvironment } from '../../local/cloud.ts'
import { newTenant, runningStack } from '../support/stack.ts'
import { temporaryFolder } from '../support/worker.ts'

jest.setTimeout(300_000)

const { amqpUrl } = runningStack()
const folder = temporaryFolder()
const deployed = 'test/fixtures/tenants.yml'
let connection: ChannelModel

beforeAll(async () => {
  connection = await connect(amqpUrl)
})
afterAll(async () => {
  await connection.close()
  folder.remove()
})

/** The command as an operator runs it. */
function doctor(args: string[], env: Record<string, string | undefined> = {}) {
  return new Promise<{ code: number; findings: Finding[]; stdout: string }>((resolve) => {
    execFile(
      process.execPath,
      ['bin/main.ts', 'doctor', '--json', ...args],
      {
        env: {
          ...process.env,
          ...cloudEnvironment(String(process.env['AWS_ENDPOINT_URL'])),
          AMQP_URL: amqpUrl,
          NODE_OPTIONS: '',
          ...env,
        },
      },
      (error, stdout) =>
        resolve({ code: error ? Number(error.code) : 0, findings: JSON.parse(stdout), stdout }),
    )
  })
}

async function declare(tenants: readonly Tenant[]): Promise<void> {
  const broker = await connectBroker(amqpUrl)
  for (const tenant of tenants) await broker.declare(topologyOf(tenant))
  await broker.close()
}

function about(subject: string, findings: readonly Finding[]) {
  return findings.filter((one) => one.subject === subject).map(({ state, text }) => [state, text])
}

describe('doctor', () => {
  it('finds all well where what is deployed and declared is what tenants.yml says', async () => {
    const text = readFileSync(deployed, 'utf8')
    await declare(parseTenants(text, deployed).filter(({ cell }) => cell === 'main'))
    // Without AMQP_URL the broker is that of the cell's secret.
    const { code, findings } = await doctor(['--tenants', deployed], { AMQP_URL: undefined })
    // The local AWS has no Service Quotas.
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([
      expect.objectContaining({ subject: 'account quotas', state: 'skipped' }),
    ])
    expect(code).toBe(0)
    expect(about('identity', findings)).toEqual([['ok', expect.stringMatching(/^arn:aws:/)]])
    expect(about('quotas', findings)).toEqual([['ok', expect.stringContaining('of 300 rules')]])
    expect(about('applied tenants', findings)).toEqual([['ok', expect.stringMatching(/^version /)]])
  })

  it('says which partitions of their own tenants have not, and whose queues are not ours; and mends nothing', async () => {
    const [absent, other] = [newTenant(), newTenant()]
    const events = ['task.create']
    const tenants = { [absent]: { events, partition: 'own' }, [other]: { events } }
    const file = folder.write('drift.yml', JSON.stringify({ tenants }))
    const channel = await connection.createChannel()
    const queue = `tenant.${other}.eventbridge`
    await channel.assertQueue(queue, { durable: true })
    await channel.assertExchange(`tenant.${other}.events`, 'topic', { durable: true })

    const { code, findings } = await doctor(['--tenants', file])

    expect(code).toBe(3)
    expect(about('applied tenants', findings)).toEqual([
      ['wrong', expect.stringMatching(/\(2 added, \d+ removed, 0 changed\): apply it/)],
    ])
    const rules = about('rules', findings).map(([, text]) => String(text))
    expect(rules).toEqual([
      expect.stringMatching(`^task.create.${ownPartition(absent)} are planned and not on the bus`),
      expect.stringMatching(
        `^task.create.${ownPartition('own-partition')} are on the bus and not planned`,
      ),
      expect.stringMatching('^task.create.default have another pattern than ours'),
    ])
    const queues = about('broker queues', findings)
    expect(queues).toEqual([
      ['wrong', expect.stringMatching(`^${other} have a queue with other arguments`)],
      ['wrong', expect.stringMatching(`^${absent} have no queue yet`)],
      ['wrong', expect.stringMatching(`^${absent} have no exchange here`)],
    ])
    const probe = await connection.createChannel()
    probe.on('error', () => undefined)
    await expect(probe.checkQueue(`tenant.${absent}.eventbridge`)).rejects.toThrow('NOT_FOUND')
    await channel.deleteQueue(queue)
    await channel.deleteExchange(`tenant.${other}.events`)
    await channel.close()
  })

  it('goes on where the broker refuses the password, and does not print it', async () => {
    const url = new URL(amqpUrl)
    url.password = 'expired-one'
    const { code, findings, stdout } = await doctor(['--tenants', deployed], { AMQP_URL: url.href })
    expect(code).toBe(3)
    expect(about('RabbitMQ', findings)).toEqual([
      ['wrong', expect.stringMatching(/ACCESS_REFUSED.*\(broker-unreachable\)$/)],
    ])
    expect(about('rules', findings)).toMatchObject([['ok', expect.anything()]])
    expect(stdout).not.toContain('expired-one')
  })

  it('says where a cell is not deployed at all', async () => {
    const tenants = { [newTenant()]: { cell: 'nowhere' } }
    const file = folder.write('nowhere.yml', JSON.stringify({ tenants }))
    const { code, findings } = await doctor(['--cell', 'nowhere', '--tenants', file])
    expect(code).toBe(3)
    expect(about('bus', findings)).toEqual([['wrong', expect.stringContaining('(not-deployed)')]])
    expect(about('queues', findings)).toEqual([['wrong', expect.stringContaining('are missing')]])
  })
})
