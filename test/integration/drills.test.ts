import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { tapBus } from '../../lib/aws/cell/event-tap.ts'
import type { Finding } from '../../lib/operations/doctor/finding.ts'
import { serve } from '../../local/receivers/server.ts'
import type { CommandResult } from '../support/command.ts'
import { type DrillCell, deployDrillCell } from '../support/drill-cell.ts'
import { canStartBroker, type OwnBroker, startOwnBroker } from '../support/own-broker.ts'
import { eventually, rawMessage, runningStack, taskMessage } from '../support/stack.ts'
import { temporaryFolder } from '../support/worker.ts'

/*
 * The drills of docs/runbook.md: something breaks for one tenant, is found and mended as written there,
 * and everybody is told once. Another tenant is its neighbour.
 */
jest.setTimeout(600_000)

const tenant = 'severny'
/** Has a template of its own, which passes every check. */
const own = 'vesna'
const neighbour = 'neighbour'
let broker: OwnBroker | undefined
let cell: DrillCell

beforeAll(async () => {
  broker = canStartBroker ? await startOwnBroker() : undefined
  const amqpUrl = broker?.amqpUrl ?? runningStack().amqpUrl
  cell = await deployDrillCell(amqpUrl, 'test/fixtures/drills/templates')
  // The drain declares the queues: messages published before would be dropped.
  await cell.drain()
})
afterAll(() => broker?.stop())

const titles = ['Договор', 'Отпуск', 'Счёт']
const subjects = titles.map((title) => `Новая задача: ${title}`)

/** Publishes tasks of three titles that one person of the tenant may take. */
function tasks(of: string, user: string) {
  return titles.map((taskTitle) => taskMessage(of, { taskTitle, taskPooledUsers: [user] }))
}

type Letter = { readonly eventId: string; readonly body: { readonly body?: string } }

/** Renders a dead letter's event with the templates of a folder. */
async function preview(letter: Letter | undefined, templates: string): Promise<CommandResult> {
  const folder = temporaryFolder()
  try {
    const event = folder.write('event.json', JSON.stringify(letter?.body))
    return await cell.operator([
      ...['templates', 'preview', '--templates', `test/fixtures/drills/${templates}`],
      ...['--event', event, '--out', folder.write('preview.html', '')],
    ])
  } finally {
    folder.remove()
  }
}

async function nothingRests(): Promise<void> {
  const { code, stdout } = await cell.operator(['dlq', 'list', '--check'])
  expect([stdout, code]).toEqual([expect.stringMatching('^No dead letters'), 0])
}

describe('an operator', () => {
  it('mends a template that breaks every task.create of one tenant', async () => {
    const [theirs, others] = ['template@vesna.example', 'template@neighbour.example']
    const messages = [...tasks(own, 'template'), ...tasks(neighbour, 'template')]
    await cell.subscribe(messages)
    await cell.publish(messages)
    await cell.drain()

    const resting = await eventually(
      () => cell.ask('dlq', 'list', '--tenant', own),
      (queues) => queues.some(({ depth }) => depth === 3),
    )
    const reason = expect.stringMatching('^template-failed: vesna/task.create/any.ru.liquid:3:')
    const group = expect.objectContaining({ tenant: own, type: 'task.create', reason, count: 3 })
    expect(resting.filter(({ groups }) => groups.length > 0)).toEqual([
      {
        queue: 'ecos-drills-task-create-dlq',
        depth: 3,
        messages: 3,
        more: false,
        moreGroups: 0,
        groups: [group],
      },
    ])
    const failures = (await cell.log('on-task-create')).filter((line) => line['HandlingFailures'])
    expect(new Set(failures.map((line) => line['tenant']))).toEqual(new Set([own]))
    expect(await cell.subjectsTo(theirs)).toEqual([])

    const [first] = await cell.ask<Letter[]>('dlq', 'show', '--tenant', own)
    expect(await preview(first, 'templates')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('vesna/task.create/any.ru.liquid:3:'),
    })
    expect(await preview(first, 'mended')).toMatchObject({ code: 0 })
    await cell.deployWith('test/fixtures/drills/mended')
    const redrive = ['dlq', 'redrive', '--tenant', own, '--type', 'task.create', '--run']
    await cell.operator([...redrive, '--id', String(first?.eventId)])
    await eventually(
      () => cell.subjectsTo(theirs),
      ({ length }) => length === 1,
    )
    await cell.operator(redrive)
    await eventually(
      () => cell.subjectsTo(theirs),
      ({ length }) => length === 3,
    )
    await cell.settled()
    expect(await cell.subjectsTo(theirs)).toEqual(subjects)
    expect(await cell.subjectsTo(others)).toEqual(subjects)
    await nothingRests()
  })

  it('leaves a webhook endpoint that is down to the retries: it hears of each once', async () => {
    type Heard = { path: string; id: string }
    const heard: Heard[] = []
    const refused = new Map<string, number>()
    let isDown = true
    const endpoint = await serve(({ path, headers }) => {
      const id = String(headers['webhook-id'])
      if (isDown && path === '/down') {
        const times = (refused.get(id) ?? 0) + 1
        refused.set(id, times)
        // It is down for as long as the operator looks: the tries last that long, too.
        return { status: 503, headers: times < 3 ? {} : { 'retry-after': '10' } }
      }
      heard.push({ path, id })
      return { status: 204 }
    })
    const subscribe = (of: string, path: string) =>
      cell.operator([
        ...['subscriptions', 'add', '--tenant', of, '--user', 'webhook', '--type', 'task.create'],
        ...['--channel', 'webhook', '--address', `${endpoint.url}${path}`, '--allow-private'],
      ])
    type Notification = { notificationId: string; state: string; deliveries: object[] }
    const notifications = async () => {
      const { notifications: listed } = await cell.ask<{ notifications: Notification[] }>(
        'notifications',
        'list',
        '--tenant',
        tenant,
        '--user',
        'webhook',
      )
      return Promise.all(
        listed.map(({ notificationId }) =>
          cell.ask<Notification>(
            'notifications',
            'show',
            '--tenant',
            tenant,
            '--id',
            notificationId,
          ),
        ),
      )
    }
    try {
      await subscribe(tenant, '/down')
      await subscribe(neighbour, '/up')
      await cell.publish([...tasks(tenant, 'webhook'), ...tasks(neighbour, 'webhook')])
      await cell.drain()

      await eventually(
        notifications,
        (all) => all.length === 3 && all.every(({ deliveries }) => deliveries.length >= 3),
      )
      const failures = (await cell.log('send-webhook')).filter((line) => line['TransientFailures'])
      expect(new Set(failures.map((line) => line['tenant']))).toEqual(new Set([tenant]))
      expect(heard.map(({ path }) => path)).toEqual(['/up', '/up', '/up'])

      isDown = false
      const sent = await eventually(notifications, (all) =>
        all.every(({ state }) => state === 'SENT'),
      )
      await cell.settled('Webhook')
      const ids = heard.filter(({ path }) => path === '/down').map(({ id }) => id)
      expect(ids.sort()).toEqual(sent.map(({ notificationId }) => notificationId).sort())
      await nothingRests()
    } finally {
      await endpoint.close()
    }
  })

  it('finds the producer of rubbish, keeps what it sent in a file, and nobody else notices', async () => {
    const rubbish = Array.from({ length: 150 }, (_, index) =>
      rawMessage(tenant, 'task.create', index % 3 === 0 ? '{"data":{}}' : `rubbish ${index}`),
    )
    const good = [...tasks(tenant, 'rubbish'), ...tasks(neighbour, 'rubbish')]
    await cell.subscribe(good)
    await cell.publish([...rubbish.slice(0, 75), ...good, ...rubbish.slice(75)])
    await cell.drain()

    const quarantine = ['--queue', 'ecos-drills-quarantine']
    const [resting] = await eventually(
      () => cell.ask('dlq', 'list', ...quarantine),
      ([queue]) => queue?.depth === 150,
    )
    const counts = resting?.groups.map(({ tenant: of, reason, count }) => [
      of,
      reason.split(':')[0],
      count,
    ])
    expect(counts).toEqual([
      [tenant, 'not-json', 100],
      [tenant, 'no-type', 50],
    ])
    const [one] = await cell.ask<Letter[]>('dlq', 'show', ...quarantine, '--reason', 'no-type')
    expect(one?.body.body).toEqual({ data: {} })

    const folder = temporaryFolder()
    try {
      const into = folder.path('rubbish.jsonl')
      const purge = ['dlq', 'purge', ...quarantine, '--tenant', tenant, '--into', into, '--yes']
      await cell.operator(purge)
      expect(readFileSync(into, 'utf8').trim().split('\n')).toHaveLength(150)
    } finally {
      folder.remove()
    }
    await cell.settled()
    expect(await cell.subjectsTo('rubbish@severny.example')).toEqual(subjects)
    expect(await cell.subjectsTo('rubbish@neighbour.example')).toEqual(subjects)
    await nothingRests()
  })

  it('lets a tenant that floods be served, and its neighbour not wait for it', async () => {
    const flood = Array.from({ length: 1000 }, () => taskMessage(tenant))
    const good = tasks(neighbour, 'flood')
    await cell.subscribe(good)
    const { cloud } = runningStack()
    const tap = await tapBus(cloud, 'ecos-drills', { owner: 'test', retentionSeconds: 3_600 })
    try {
      // A scheduled drain may begin at any moment and take a part.
      await cell.publish(good)
      await cell.publish(flood)
      await cell.drain()
      // By event, in the order of their arrival: a call without an answer is made again.
      const tenants = new Map<string, string>()
      await eventually(
        async () => {
          for (const text of await tap.take()) {
            const { type, id, tenantid } = JSON.parse(text).detail
            if (type === 'task.create') tenants.set(id, tenantid)
          }
          return tenants.size
        },
        (count) => count >= 1003,
      )
      const passed = [...tenants.values()]
      expect(passed.filter((of) => of === tenant)).toHaveLength(1000)
      // The flood does not go first: 100 messages of both tenants are in flight at once.
      expect(passed.filter((of) => of === neighbour)).toHaveLength(3)
      expect(passed.lastIndexOf(neighbour)).toBeLessThan(100)
    } finally {
      await tap.remove()
    }
    const depths = (await cell.log('bridge-drain')).filter(
      ({ message }) => message === 'At the broker',
    )
    const longest = depths.map(({ waiting }) => Object.keys(waiting as object)[0])
    expect(longest).toContain(tenant)
    await cell.settled()
    expect(await cell.subjectsTo('flood@neighbour.example')).toEqual(subjects)
    await nothingRests()
  })

  const itWithBroker = canStartBroker ? it : it.skip
  itWithBroker(
    'puts the new password of the broker into the secret, and nothing was lost',
    async () => {
      const { amqpUrl, changePassword } = broker as OwnBroker
      const renewed = Object.assign(new URL(amqpUrl), { password: 'the-new-one' }).href
      const messages = tasks(tenant, 'password')
      await cell.subscribe(messages)
      await changePassword('the-new-one')
      await cell.publish(messages, renewed)

      expect(await cell.drain()).toMatchObject({
        errorMessage: expect.stringContaining('ACCESS_REFUSED'),
      })
      // As in the runbook: the address comes from the secret.
      const doctor = async () => {
        const { code, stdout } = await cell.operator(['doctor', '--json'], { AMQP_URL: undefined })
        const findings: Finding[] = JSON.parse(stdout)
        return [code, findings.find(({ subject }) => subject === 'RabbitMQ')]
      }
      const text = expect.stringContaining('ACCESS_REFUSED')
      expect(await doctor()).toEqual([3, { subject: 'RabbitMQ', state: 'wrong', text }])

      await cell.storeBrokerSecret(renewed)
      expect((await doctor())[0]).toBe(0)
      expect(await cell.drain()).not.toHaveProperty('errorMessage')
      await eventually(
        () => cell.subjectsTo('password@severny.example'),
        ({ length }) => length === 3,
      )
      await cell.settled()
      expect(await cell.subjectsTo('password@severny.example')).toEqual(subjects)
      expect(JSON.stringify(await cell.log('bridge-drain'))).not.toContain('the-new-one')
    },
  )
})
