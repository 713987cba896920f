import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { expect, it, jest } from '@jest/globals'
import { listRules } from '../../lib/aws/cell/list-rules.ts'
import { cloudEnvironment } from '../../local/cloud.ts'
import { eventually, newTenant, runningStack } from '../support/stack.ts'
import { temporaryFolder } from '../support/worker.ts'

jest.setTimeout(300_000)

const { awsEndpoint, cloud, deployment } = runningStack()
const EventBusName = String(deployment['BusName'])

function put(tenant: string, type: string, id: string) {
  const about = { specversion: '1.0', id, source: `/ecos/tenants/${tenant}`, type }
  const Detail = JSON.stringify({ ...about, tenantid: tenant, data: { id, type } })
  const entry = { EventBusName, Source: `ecos.${tenant}`, DetailType: type, Detail }
  return cloud.eventBridge.send(new PutEventsCommand({ Entries: [entry] }))
}

const taps = async () =>
  (await listRules(cloud.eventBridge, EventBusName)).filter(({ Name }) => Name?.includes('-tail-'))

it('tail prints what passes of a tenant and a type, and takes its rule away', async () => {
  const tenant = newTenant()
  const folder = temporaryFolder()
  const file = folder.write('tenants.yml', JSON.stringify({ tenants: { [tenant]: {} } }))
  const args = ['tail', '--tenant', tenant, '--type', 'task.delete', '--json']
  const env = { ...process.env, ...cloudEnvironment(awsEndpoint), NODE_OPTIONS: '' }
  const child = spawn(process.execPath, ['bin/main.ts', ...args], {
    env: { ...env, TENANTS_FILE: file },
  })
  const ended = once(child, 'exit')
  let [printed, noted] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    noted += text
  })
  try {
    await eventually(
      async () => noted,
      (text) => text.includes('Ctrl-C ends it'),
    )
    const id = randomUUID()
    await put(tenant, 'task.assign', randomUUID())
    await put(newTenant(), 'task.delete', randomUUID())
    await put(tenant, 'task.delete', id)
    await eventually(
      async () => printed,
      (text) => text.includes('\n'),
    )
    expect(JSON.parse(printed)).toMatchObject({ tenant, type: 'task.delete', id })
    expect(await taps()).toHaveLength(1)
  } finally {
    child.kill('SIGINT')
    folder.remove()
  }
  expect((await ended)[0]).toBe(0)
  expect(await taps()).toEqual([])
})
