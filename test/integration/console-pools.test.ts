import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { connectBroker } from '../../lib/amqp/broker.ts'
import {
  deliveryLimit,
  type Queues,
  queuesIn,
  type Topology,
  topologyOf,
} from '../../lib/bridge/topology.ts'
import { placeInPools } from '../../lib/tenants/pools.ts'
import { parseTenants } from '../../lib/tenants/tenants-file.ts'
import { openPage, startBrowser } from '../../local/browser.ts'
import { publish } from '../../local/demo/publish.ts'
import { type RunningConsole, runConsoleWith } from '../support/console.ts'
import {
  countMessages,
  eventually,
  newTenant,
  onChannel,
  runningStack,
  setAside,
  taskMessage,
} from '../support/stack.ts'

jest.setTimeout(300_000)

const { amqpUrl, awsEndpoint } = runningStack()
/** A pool that no other test has. */
const [partition, partitions] = [57, 64]
const [flooding, neighbour] = [newTenant(), newTenant()]
const entry = { events: ['task.create'], partition }
const file = JSON.stringify({ tenants: { [flooding]: entry, [neighbour]: entry } })
const settings = { QUEUES: 'pooled', PARTITIONS: partitions } as const
const topologies = placeInPools(parseTenants(file, 'tenants.yml'), settings).map(topologyOf)
const [pool, bypass] = queuesIn(topologies[0] as Topology) as [Queues, Queues]

let folder: string
let served: RunningConsole
let browser: Browser
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-pools-'))
  const tenantsFile = join(folder, 'tenants.yml')
  await writeFile(tenantsFile, file)
  const variables = { QUEUES: settings.QUEUES, PARTITIONS: String(partitions) }
  const environment = { ...variables, AMQP_URL: amqpUrl, TENANTS_FILE: tenantsFile }
  browser = await startBrowser(process.env['CHROMIUM'])
  served = await runConsoleWith(environment, awsEndpoint)
})
afterAll(async () => {
  await browser?.close()
  await served?.stop()
  await rm(folder, { recursive: true })
  await onChannel(amqpUrl, async (channel) => {
    for (const { queue, deadLetterQueue } of [pool, bypass]) {
      await channel.deleteQueue(queue)
      await channel.deleteQueue(deadLetterQueue)
      await channel.deleteExchange(queue)
    }
  })
})

/** A message that the bridge refuses, as one that kills it. */
async function deadLetter(tenant: string, { queue, deadLetterQueue }: Queues) {
  const message = taskMessage(tenant)
  await publish(amqpUrl, [message])
  await setAside(amqpUrl, queue, deliveryLimit)
  await eventually(
    () => countMessages(amqpUrl, deadLetterQueue),
    (count) => count === 1,
  )
  return String(JSON.parse(message.body).data.id)
}

it('leads from the dead letters of a pool and its bypass to those alone, and to an event of them', async () => {
  const broker = await connectBroker(amqpUrl)
  for (const topology of topologies) await broker.declare(topology)
  const ofPool = await deadLetter(flooding, pool)
  await broker.openBypass(topologies[0] as Topology)
  const ofBypass = await deadLetter(neighbour, bypass)
  await broker.closeBypass(topologies)
  await broker.close()

  const { page, errors } = await openPage(browser, served.url)
  const way = page.locator('.way').filter({ hasText: pool.queue })
  const link = way.getByRole('link', { name: 'dead 2', exact: true })
  await link.waitFor()
  const names = [pool, bypass].map((queues) => queues.deadLetterQueue)
  const address = `#letters?${new URLSearchParams({ queue: names.join(',') })}`
  expect(await link.getAttribute('href')).toBe(address)
  // The drawer of the state leads there too.
  await page.locator('.verdict').click()
  const inDrawer = page.getByRole('dialog').getByRole('link').filter({ hasText: pool.queue })
  expect(await inDrawer.first().getAttribute('href')).toBe(address)
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()

  await link.click()
  await page.getByText('1–2 of 2').waitFor()
  for (const id of [ofPool, ofBypass]) await page.getByRole('link', { name: id }).waitFor()
  expect(await page.locator('#letter-queue').inputValue()).toBe(names.join(','))

  // The queues are not read anew before the letter is seen that was read with the list.
  const mayRead = Promise.withResolvers<void>()
  await page.route('**/api/main/letters?*', async (route) => {
    await mayRead.promise
    await route.continue()
  })
  await page.getByRole('link', { name: ofBypass }).click()
  const asListed = page.getByText(/^In the list of dead letters, as read at .*: 1$/)
  await asListed.waitFor()
  const step = page.locator('.story li').filter({ hasText: bypass.deadLetterQueue })
  expect(await step.count()).toBe(1)
  mayRead.resolve()
  await asListed.waitFor({ state: 'detached' })
  expect(await step.count()).toBe(1)
  await page.getByText(`${neighbour} · task.create`).waitFor()
  expect(errors).toEqual([])
})
