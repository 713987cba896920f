import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeEach, expect, it } from '@jest/globals'
import { eventTypes } from '../../../lib/events/catalogue.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'
import { identified } from '../../../local/demo/events-file.ts'
import { updateRunTenants, writeRunTenants } from '../../../local/demo/run-tenants.ts'
import { temporaryFolder } from '../../support/worker.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const files = { from: folder.path('tenants.yml'), into: folder.path('run.yml') }

const project = `
brokers:
  mq:
    amazonMq: arn:aws:mq:eu-central-1:123456789012:broker:ecos:b-9bcfa592-423a-4942-879d-eb284b418fc8
    secret: arn:aws:secretsmanager:eu-central-1:123456789012:secret:ecos-AbCdEf
tenants:
  acme:
    locale: en
    broker: mq
    webUrl: https://ecos.acme.example
    name: Acme
    results: true
    reminders: [1d before due]
    timeZone: Europe/London
    events: [task.create]
  globex:
`
const message = (tenant: string) =>
  identified({
    line: 1,
    tenant,
    exchange: `tenant.${tenant}.events`,
    routingKey: 'task.create',
    properties: {},
    body: '{}',
  })

const written = () => parseTenants(readFileSync(files.into, 'utf8'), 'run.yml')
const ids = () => written().map(({ id }) => id)

beforeEach(() => writeFileSync(files.from, project))

it('a run has the tenants of the project with all their settings, and those of the messages', () => {
  const messages = [message('acme'), message('initech')]
  const { tenants, ofProject } = writeRunTenants(files, messages, 'main')
  expect(ofProject).toEqual(['acme', 'globex'])
  expect(tenants).toEqual(written())
  const [acme] = parseTenants(project.replace('broker: mq', ''), 'tenants.yml')
  expect(tenants[0]).toEqual({ ...acme, events: expect.arrayContaining([...eventTypes]) })
  expect(tenants.map(({ id, events }) => [id, events.length])).toEqual([
    ['acme', eventTypes.length],
    ['globex', 0],
    ['initech', eventTypes.length],
  ])
})

it('a deployment takes what tenants.yml says now, and leaves tenants from elsewhere', () => {
  const { ofProject } = writeRunTenants(files, [message('initech')], 'main')
  const edited = project.replace('globex:', 'umbrella: { locale: de }').replace('Acme', 'Acme Ltd')
  writeFileSync(files.from, edited)
  expect(updateRunTenants(files, ofProject)).toEqual({ ofProject: ['acme', 'umbrella'] })
  expect(ids()).toEqual(['acme', 'umbrella', 'initech'])
  expect(written()[0]).toMatchObject({ name: 'Acme Ltd', events: ['task.create'] })
  expect(written()[1]).toMatchObject({ locale: 'de' })
})

it('a fault of tenants.yml is said, and the run keeps its own', () => {
  const { ofProject } = writeRunTenants(files, [], 'main')
  writeFileSync(files.from, 'tenants: { acme: { evnts: [] } }')
  expect(() => updateRunTenants(files, ofProject)).toThrow(
    expect.objectContaining({ code: 'invalid-tenants' }),
  )
  expect(ids()).toEqual(['acme', 'globex'])
})
