import { randomUUID } from 'node:crypto'
import { userInfo } from 'node:os'
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge'
import { ListQueuesCommand, PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { createMetricReader } from '../../lib/aws/metric-reader.ts'
import { sampleData } from '../../lib/events/catalogue.ts'
import { createMetricFields } from '../../lib/metrics/write-metrics.ts'
import { ourMetric } from '../../lib/tenants/template/metric.ts'
import { openPage, startBrowser } from '../../local/browser.ts'
import { createMetricCopy } from '../../local/metrics/copy.ts'
import { createLocalTenantCounts } from '../../local/metrics/tenant-counts.ts'
import { type RunningConsole, runConsole } from '../support/console.ts'
import { subscribe } from '../support/notifications.ts'
import { eventually, newTenant, runningStack } from '../support/stack.ts'

jest.setTimeout(300_000)

const { cloud, awsEndpoint, deployment } = runningStack()
const busName = String(deployment['BusName'])
const tenant = 'console'
const QueueUrl = `${awsEndpoint}/000000000000/${busName}-task-create-dlq`

let served: RunningConsole
let browser: Browser
beforeAll(async () => {
  browser = await startBrowser(process.env['CHROMIUM'])
  served = await runConsole(awsEndpoint, '--allow-repair')
})
afterAll(async () => {
  await browser?.close()
  await cloud.sqs.send(new PurgeQueueCommand({ QueueUrl }))
  await served?.stop()
})

/** Opens the page at a view, in Chromium. */
async function open(view = '', options: Parameters<typeof openPage>[2] = {}) {
  const opened = await openPage(browser, served.url, options)
  await opened.page.locator('.verdict').waitFor()
  if (view !== '') await opened.page.goto(`${served.origin}/#${view}`)
  return opened
}

const envelopeOf = (id: string, data: object, tenantid = tenant) => {
  const of = { specversion: '1.0', source: `/ecos/tenants/${tenantid}`, tenantid }
  const time = new Date().toISOString()
  return { ...of, id, time, type: 'task.create', datacontenttype: 'application/json', data }
}

const ofMail = {
  ...({ tenant, channel: 'email', eventType: 'task.create', eventId: '-' } as const),
  notificationId: '0'.repeat(64),
}

/** An event without recipients: it is handled and makes no notifications. */
const nobody = { ...sampleData('task.create'), assignee: null, taskPooledUsers: [] }

const putOnBus = async (id: string, data: object = nobody) => {
  const entry = { EventBusName: busName, Source: `ecos.${tenant}`, DetailType: 'task.create' }
  const Detail = JSON.stringify(envelopeOf(id, data))
  await cloud.eventBridge.send(new PutEventsCommand({ Entries: [{ ...entry, Detail }] }))
}

/** The rules of consoles that lead to their queues. */
async function taps(): Promise<number> {
  const { Rules = [] } = await cloud.eventBridge.send(
    new ListRulesCommand({ EventBusName: busName, NamePrefix: `${busName}-console-` }),
  )
  const targets = await Promise.all(
    Rules.map(({ Name }) =>
      cloud.eventBridge.send(
        new ListTargetsByRuleCommand({ EventBusName: busName, Rule: String(Name) }),
      ),
    ),
  )
  return targets.filter(({ Targets = [] }) => Targets.length > 0).length
}

const addDeadLetter = async (body: string) => {
  await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }))
}

const deadEvent = (id: string, data: object = nobody, of = tenant) =>
  JSON.stringify({
    source: `ecos.${of}`,
    'detail-type': 'task.create',
    detail: envelopeOf(id, data, of),
  })

/** In the browser. */
const focusedName = `document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent`

/** In the browser: what somebody types has to outlast the looks at the live system. */
const looks = `new Promise((resolve) => {
  const source = new EventSource('/api/main/live')
  let count = 0
  source.addEventListener('seen', () => {
    count += 1
    if (count < 3) return
    source.close()
    resolve()
  })
})`

/** In the browser: whether the search field in the head shows all of its hint. */
const placeholderFits = `(() => {
  const field = document.getElementById('seek')
  const style = getComputedStyle(field)
  const context = document.createElement('canvas').getContext('2d')
  context.font = style.font
  const room = field.clientWidth - 2 * Number.parseFloat(style.paddingLeft)
  return context.measureText(field.placeholder).width <= room
})()`

/** Asks again, by the button of the view. */
const find = async (page: Page, button = 'Refresh') => {
  await page.getByRole('button', { name: button }).click()
  await page.getByText('Loading …').first().waitFor({ state: 'detached' })
}

const rows = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text })

describe('the console, in Chromium', () => {
  it('loads in less than 250 kB, and shows the cell as it is deployed', async () => {
    const { page, errors } = await open()
    for (const name of ['ecos-main', 'task.create', 'email', 'webhook']) {
      expect(await page.locator('.picture').getByText(name, { exact: true }).count()).toBe(1)
    }
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'Broker',
      'Bus',
      'Event handlers',
      'Channels',
    ])
    const bytes = await page.evaluate(() =>
      performance
        .getEntries()
        .reduce((sum, entry) => sum + ((entry as { transferSize?: number }).transferSize ?? 0), 0),
    )
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThan(250_000)
    expect(errors).toEqual([])
  })

  it('lets nobody in without its token, and only by its own name', async () => {
    const status = async (path: string, headers: Record<string, string> = {}) =>
      (await fetch(served.origin + path, { headers, redirect: 'manual' })).status
    expect(await status('/')).toBe(401)
    expect(await status('/api/main/letters')).toBe(401)
    expect(await status(`/${new URL(served.url).search}`)).toBe(302)
    expect(await status('/', { origin: 'https://evil.example' })).toBe(403)
  })

  it('shows an event as it passes, and its whole way when it is searched for', async () => {
    const { page } = await open('events')
    // The tap of the page that was opened first.
    await eventually(taps, (count) => count > 0)
    const id = randomUUID()
    await putOnBus(id)
    await rows(page, id).waitFor()
    expect(await rows(page, id).textContent()).toContain(tenant)

    await page.getByRole('link', { name: id }).click()
    const way = page.locator('.story li')
    await eventually(
      async () => {
        await find(page)
        return way.allInnerTexts()
      },
      (steps) => steps.some((step) => step.includes('Handled: no recipients')),
    )
    expect(
      (await way.allInnerTexts()).filter((step) => step.includes('Passed the bus')),
    ).toHaveLength(1)
  })

  it('finds a notification by the words of its task, and by a short id', async () => {
    const [id, word] = [randomUUID(), randomUUID()]
    await putOnBus(id, { ...nobody, taskTitle: `Согласовать договор ${word}` })
    const { page } = await open(`search?tenant=${tenant}`)
    const field = page.getByLabel('Task, document, person or id')
    await field.fill(`ДОГОВОР ${word}`)
    await page.evaluate(looks)
    expect(await field.inputValue()).toBe(`ДОГОВОР ${word}`)
    await eventually(
      async () => {
        await find(page, 'Find')
        return rows(page, word).count()
      },
      (count) => count === 1,
    )
    await page.getByLabel('State').selectOption('SENT')
    await page.getByText('Nothing matches').waitFor()
    await page.goto(`${served.origin}/#search?tenant=${tenant}&words=${id.slice(0, 13)}`)
    await page.getByRole('link', { name: word }).click()
    const title = page.getByRole('heading', { name: `Согласовать договор ${word}` })
    await title.waitFor()
    // The tenant that was chosen stays: when the event is opened or loaded anew, and on the way back.
    const chosen = page.locator('#tenant')
    expect(await chosen.inputValue()).toBe(tenant)
    await page.reload()
    await title.waitFor()
    expect(await chosen.inputValue()).toBe(tenant)
    await page.goBack()
    await page.getByRole('main', { name: 'Search' }).waitFor()
    expect(await chosen.inputValue()).toBe(tenant)
    // A link from elsewhere does not say it.
    await page.goto(`${served.origin}/#event/${id}?tenant=${tenant}`)
    await page.waitForURL(/[?&]chosen=/)
    // From any view, by the key, of all tenants.
    await page.goto(`${served.origin}/#tenants`)
    await page.getByRole('main', { name: 'Tenants' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(`договор ${word}`)
    await page.keyboard.press('Enter')
    expect(await rows(page, word).textContent()).toContain(tenant)
    // The whole id of an event is enough, without its tenant.
    await page.goto(`${served.origin}/#search?words=${id}`)
    await page.getByRole('link', { name: word }).click()
    await page.getByRole('heading', { name: `Согласовать договор ${word}` }).waitFor()
    // An opened event narrows the console to no tenant, and names its own in its address.
    expect(page.url()).toContain(`tenant=${tenant}`)
    expect(await page.locator('#tenant').inputValue()).toBe('')
    await page.getByRole('link', { name: 'Pipeline' }).click()
    await page.getByRole('main', { name: 'Pipeline' }).waitFor()
    expect(page.url()).not.toContain('tenant=')
    await page.goto(`${served.origin}/#search?words=${word}+nowhere-${word}`)
    await page.getByText(`Nothing that was searched has: nowhere-${word}.`).waitFor()
  })

  it('shows the way of an event, and the message as the person got it', async () => {
    const [id, username] = [randomUUID(), randomUUID()]
    const address = `${username}@console.example`
    await subscribe({ ...ofMail, username, address })
    await putOnBus(id, { ...nobody, taskTitle: 'Согласовать договор', taskPooledUsers: [username] })
    const { page } = await open(`event/${id}?tenant=${tenant}`)
    const message = page.getByRole('region', { name: 'Message' })
    await eventually(
      async () => {
        await find(page)
        return message.getByText(address).count()
      },
      (count) => count === 1,
    )
    const way = page.getByRole('region', { name: 'The way of the event' })
    await way.getByText('Slowest: ').waitFor()
    await way.getByRole('link', { name: `email → ${username}` }).waitFor()
    const mail = page.locator('iframe.mail')
    await mail.contentFrame().getByText('Согласовать договор').first().waitFor()
    expect(await mail.getAttribute('sandbox')).toBe('allow-same-origin')
    await message.getByRole('button', { name: 'Text' }).click()
    expect(await message.locator('pre').textContent()).toContain('Появилась задача')
    await page.locator('.story li').first().getByText('Happened in ECOS').waitFor()

    // It opens at its top, from a list that was scrolled and with a notification in its address.
    const link = await way.getByRole('link', { name: `email → ${username}` }).getAttribute('href')
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${served.origin}/#runbook/dead-letters`)
    await page.locator('.prose').waitFor()
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    expect(await page.evaluate('scrollY')).toBeGreaterThan(0)
    await page.goto(`${served.origin}/${link}`)
    await mail.contentFrame().getByText('Согласовать договор').first().waitFor()
    expect(await page.evaluate('scrollY')).toBe(0)
  })

  it('shows what a hostile message says as text', async () => {
    const attack = '<img src=x onerror=window.hacked=1><script>window.hacked=1</script>'
    const id = `${attack}${randomUUID()}`
    // A lone surrogate, which a URL can't hold.
    await addDeadLetter(deadEvent('\ud800'))
    await addDeadLetter(deadEvent(id, { title: attack }))
    const noJson = `${attack} ${randomUUID()} is no JSON`
    await addDeadLetter(noJson)
    const { page, errors } = await open('letters')
    await rows(page, id).waitFor()
    await page.getByLabel('Contains').fill(noJson)
    await page.keyboard.press('Enter')
    await page.getByText('1–1 of 1').waitFor()
    await page.getByRole('button', { name: 'Read', exact: true }).click()
    const letter = page.getByRole('region', { name: 'Message' })
    expect(await letter.locator('pre').textContent()).toBe(noJson)
    await letter.getByText('this version can’t read it (invalid-event)').waitFor()
    await page.getByLabel('Contains').fill('')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: id }).click()
    await page.locator('.story pre').getByText(attack).waitFor()
    expect(await page.evaluate('"hacked" in window')).toBe(false)
    expect(await page.locator('img, body script').count()).toBe(0)
    expect(errors).toEqual([])
    // Trusted Types stop a page that tries to turn text into HTML.
    const injected = page.evaluate(`document.body.innerHTML = ${JSON.stringify(attack)}`)
    await expect(injected).rejects.toThrow(/TrustedHTML/)
  })

  it('is repaired by keyboard alone', async () => {
    const id = randomUUID()
    await addDeadLetter(deadEvent(id))
    const { page } = await open()
    await page.locator('.verdict.red').focus()
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('dialog', { name: 'Status: Something is wrong' })
    await drawer.getByRole('link', { name: /^dead letters of task.create/ }).waitFor()
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
    /** Presses Tab until the focused element has this name. */
    const tabTo = async (name: string) => {
      for (let presses = 0; presses < 150; presses += 1) {
        await page.keyboard.press('Tab')
        const focused = await page.evaluate(focusedName)
        if (focused === name) return
      }
      throw new Error(`Tab never came to ${name}`)
    }
    await tabTo('Dead letters')
    await page.keyboard.press('Enter')
    await rows(page, id).waitFor()
    await tabTo(`Select ${id}`)
    await page.keyboard.press('Space')
    await page.getByText('Selected: 1').waitFor()
    await page.getByRole('button', { name: 'Refresh' }).focus()
    await tabTo('Send back')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Messages to send back: 1' })
    await dialog.getByText(`1 → ${busName}-task-create`, { exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Sent back: 1').waitFor()
    await rows(page, id).waitFor({ state: 'detached' })
    await page.goto(`${served.origin}/#event/${id}`)
    await eventually(
      async () => {
        await find(page)
        return page.getByText('Handled: no recipients').isVisible()
      },
      (handled) => handled,
    )
  })

  it('says of a letter how it differs, and sends a group back on record', async () => {
    const group = newTenant()
    const ids = ['a', 'b', 'c'].map((name) => `${name}-${randomUUID()}`)
    for (const id of ids) await addDeadLetter(deadEvent(id, { ...nobody, taskTitle: 7 }, group))
    const { page } = await open(`letters?tenant=${group}`)
    await page.getByRole('link', { name: `Show ${group}` }).click()
    await page.getByText('1–3 of 3').waitFor()
    await rows(page, String(ids[0])).getByRole('button', { name: 'Read' }).click()
    const letter = page.getByRole('region', { name: 'Message' })
    await letter.getByText('taskTitle is a number here, and a text there').waitFor()
    await page.getByRole('button', { name: 'Send back all 3' }).click()
    const dialog = page.getByRole('dialog', { name: 'Messages to send back: 3' })
    await dialog.getByText('Tried 3 without sending').waitFor()
    await dialog.getByRole('button', { name: 'Send back' }).click()
    await page.getByText('Sent back: 3').waitFor()
    await page.getByText('No letter matches the filter now.').waitFor()
    await rows(page, String(ids[0])).waitFor({ state: 'detached' })
    await page.goto(`${served.origin}/#audit?tenant=${group}`)
    const record = rows(page, 'dead letters sent back')
    expect(await record.textContent()).toContain('done, 3 / 3')
    expect(await record.textContent()).toContain(`${userInfo().username}@`)
  })

  it('leads from a cause to a tenant’s letters, and sends nothing back that is not shown yet', async () => {
    const [group, word] = [newTenant(), randomUUID()]
    for (const title of [word, 'other'])
      await addDeadLetter(deadEvent(randomUUID(), { ...nobody, taskTitle: title }, group))
    const { page } = await open('letters')
    const whole = page.getByRole('button', { name: /^Send back all [\d,]+$/ })
    expect(await whole.getAttribute('class')).toBe('')
    // The cause is open if it is the only one.
    const cause = page.locator('a.opens').filter({ hasText: 'unknown' })
    if ((await cause.getAttribute('aria-expanded')) === 'false') await cause.click()
    const more = page.getByRole('link', { name: /^and \d+ more$/ })
    const show = page.getByRole('link', { name: `Show ${group}, task.create` })
    await show.or(more).first().waitFor()
    if (!(await show.isVisible())) await more.click()
    await show.click()
    await page.getByText('1–2 of 2').waitFor()
    expect(await page.locator('#tenant').inputValue()).toBe(group)
    expect(await page.evaluate(focusedName)).toBe('Dead letters')
    const named = page.getByRole('button', { name: `Send back all 2: ${group}, task.create` })
    expect(await named.isEnabled()).toBe(true)
    expect(await named.getAttribute('class')).toBe('main')

    const answered = Promise.withResolvers<void>()
    await page.route('**/shelf?*words=*', async (route) => {
      await answered.promise
      await route.continue()
    })
    const field = page.getByLabel('Contains')
    await field.pressSequentially(word)
    await page.locator('button.main:disabled', { hasText: 'Send back all' }).waitFor()
    answered.resolve()
    const button = page.getByRole('button', { name: `Send back all 1: ${group}` })
    await button.waitFor()
    expect(await button.isEnabled()).toBe(true)
    expect(await page.evaluate('document.activeElement.id')).toBe('letter-text')
    await page.goto(`${served.origin}/#letters?tenant=${group}&queue=quarantine`)
    await page.getByText('No letter matches the filter now.').waitFor()
    expect(await page.locator('#letter-queue').inputValue()).toBe('quarantine')
  })

  it.each([
    ['en-GB', 'Pipeline'],
    ['ru-RU', 'Конвейер'],
  ])('has a head that leaves a phone its window: %s', async (locale, name) => {
    const { page } = await open('', { locale, viewport: { width: 390, height: 844 } })
    for (const view of ['picture', 'letters', 'audit']) {
      await page.goto(`${served.origin}/#${view}`)
      await page.getByRole('link', { name }).waitFor()
      const { y = 0 } = (await page.locator('main').boundingBox()) ?? {}
      expect(y).toBeGreaterThan(50)
      expect(y).toBeLessThan(155)
      const wide = await page.evaluate('document.documentElement.scrollWidth')
      expect(wide).toBe(390)
    }
    const isWhole = await page.evaluate(placeholderFits)
    expect(isWhole).toBe(true)
  })

  it('switches an address off and on and sends a test, on record', async () => {
    const username = `u${randomUUID()}`
    const address = `${username}@console.example`
    await subscribe({ ...ofMail, eventType: 'task.assign', username, address })
    const { page } = await open(`subscriptions?tenant=${tenant}`)
    const confirm = async (button: string, will: string, end: string) => {
      await page.getByRole('button', { name: button }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText(will).waitFor()
      await dialog.locator('button.main').click()
      await dialog.getByText(end).waitFor()
      return dialog
    }
    const off = await confirm(
      `Switch off ${username}`,
      `gets nothing more by email at ${address}`,
      'Switched off.',
    )
    await off.getByRole('button', { name: 'Close' }).click()
    await rows(page, address).getByText('switched off: by an operator').waitFor()
    const on = await confirm(`Switch on ${username}`, 'is notified by email', 'Switched on.')
    await on.getByRole('button', { name: 'Close' }).click()
    await page.getByLabel('Person').fill(username)
    const sent = await confirm(
      'Send a test',
      'one message by email that says it is a test',
      'Queued.',
    )
    await sent.getByRole('link', { name: 'See what becomes of it' }).click()
    await page.getByText('notification.test').first().waitFor()
    await page.goto(`${served.origin}/#audit?tenant=${tenant}`)
    await rows(page, username).filter({ hasText: 'test message' }).waitFor()
    expect(await rows(page, username).count()).toBe(3)
    // A link may name a tenant of another cell.
    await page.goto(`${served.origin}/#subscriptions?tenant=no-mail`)
    await page.getByLabel('Person').fill(username)
    await confirm('Send a test', 'one message by email', 'This cell has no such tenant')
  })

  it.each([
    ['light', {}, {}],
    // The schemes differ in colours alone.
    ['dark', { runOnly: ['color-contrast'] }, {}],
    ['light', {}, { viewport: { width: 390, height: 844 } }],
  ] as const)('has no violation of axe in %s', async (colorScheme, rules, options) => {
    // The page's policy would forbid the axe script.
    const { page } = await open('', { colorScheme, bypassCSP: true, ...options })
    await page.addScriptTag({ content: axe.source })
    for (const view of [
      'picture',
      'trends',
      'tenants',
      'events',
      'search',
      'search?words=x&range=own',
      'event/x',
      'letters',
      'subscriptions',
      'audit',
      'runbook/dead-letters',
    ]) {
      const mark = view.includes('?') ? '&' : '?'
      await page.goto(`${served.origin}/#${view}${mark}tenant=${tenant}`)
      await page.getByRole('link', { name: 'Pipeline' }).waitFor()
      await page.getByText('Loading …').first().waitFor({ state: 'detached' })
      const { violations } = await page.evaluate((only) => axe.run(only), rules)
      const found = violations.map(({ id, nodes }) => `${view}: ${id} ${nodes[0]?.html}`)
      expect(found).toEqual([])
    }
    await page.locator('.verdict').click()
    const { violations } = await page.evaluate((only) => axe.run(only), rules)
    expect(violations.map(({ id, nodes }) => `drawer: ${id} ${nodes[0]?.html}`)).toEqual([])
  })

  it('shows in charts what was counted, and what was done meanwhile', async () => {
    const QueueName = `${busName}-sms`
    const minutesAgo = (count: number) => new Date(Date.now() - count * 60_000)
    const Timestamp = minutesAgo(20)
    const Dimensions = [{ Name: 'QueueName', Value: QueueName }]
    const datum = { MetricName: 'ApproximateAgeOfOldestMessage', Dimensions, Timestamp }
    await cloud.cloudWatch.send(
      new PutMetricDataCommand({ Namespace: 'AWS/SQS', MetricData: [{ ...datum, Value: 4242 }] }),
    )
    // A range of its own: other pages have read that of the last hour, and its answer is kept for a minute.
    const range = new URLSearchParams({
      ...{ range: 'own', tenant },
      ...{ from: minutesAgo(50).toISOString(), to: minutesAgo(10).toISOString() },
    })
    const { page, errors } = await open(`trends?${range}`)
    const chart = page.getByRole('region', { name: 'Oldest waiting' })
    await chart.getByRole('listitem').filter({ hasText: 'sms' }).getByText('70.7 min').waitFor()
    expect(await chart.locator('canvas').count()).toBe(1)
    // Nobody has counted the time before.
    expect(await rows(page, 'Oldest waiting').textContent()).not.toMatch(/[+−]/)
    await page.getByRole('combobox', { name: 'Time' }).selectOption('24h')
    const done = page.locator('.marks li')
    await done.filter({ hasText: 'Deployment' }).first().waitFor()
    await done.filter({ hasText: 'Tenants: added' }).first().waitFor()
    // The range goes with the reader to another view.
    await page.getByRole('link', { name: 'Search', exact: true }).click()
    expect(await page.getByRole('combobox', { name: 'Time' }).inputValue()).toBe('24h')
    expect(errors).toEqual([])
  })

  it('says what to do about what is red, by the section of the runbook', async () => {
    await addDeadLetter(deadEvent(randomUUID()))
    // The state is that of the cell, whichever tenant is chosen.
    const { page } = await open(`picture?tenant=${newTenant()}`)
    await page.locator('.verdict.red').click()
    const red = page.locator('.drawer li').filter({ hasText: 'dead letters of task.create' })
    await red.getByRole('link', { name: /^dead letters of task.create/ }).click()
    await page.getByRole('main', { name: 'Dead letters' }).waitFor()
    expect(page.url()).toMatch(new RegExp(`#letters\\?queue=${busName}-task-create-dlq$`))
    expect(await page.locator('#tenant').inputValue()).toBe('')
    await page.locator('.verdict.red').click()
    await red.getByRole('link', { name: 'Runbook' }).click()
    await page.getByRole('heading', { name: 'Dead letters' }).waitFor()
    await red.waitFor({ state: 'hidden' })
    expect(await page.locator('.prose').textContent()).toContain('Redrive one message first')
    // Any address shows a view.
    await page.goto(`${served.origin}/#search/%?%`)
    await page.getByRole('searchbox').first().waitFor()
  })

  it('speaks Russian, and fits a phone', async () => {
    const viewport = { width: 360, height: 740 }
    const { page } = await open('letters', { locale: 'ru-RU', viewport })
    await page.getByRole('heading', { name: 'События ECOS' }).waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('ru')
    for (const view of ['picture', 'trends?range=own', 'letters']) {
      await page.goto(`${served.origin}/#${view}`)
      await page.getByRole('navigation', { name: 'Разделы' }).waitFor()
      const wide = await page.evaluate('document.documentElement.scrollWidth')
      expect(wide).toBe(viewport.width)
    }
    await page.goto(`${served.origin}/#runbook/dead-letters`)
    await page.getByRole('heading', { name: 'Недоставленные сообщения', exact: true }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'ECOS events' }).waitFor()
    await page.getByRole('heading', { name: 'Dead letters' }).waitFor()
  })
})

describe('the local metrics', () => {
  it('are made out of the functions’ logs once, as CloudWatch does, and counted by tenant', async () => {
    const cell = `charts-${randomUUID().slice(0, 8)}`
    const logGroupName = `/aws/lambda/ecos-${cell}-send-email`
    const logStreamName = 'an invocation'
    await cloud.logs.send(new CreateLogGroupCommand({ logGroupName }))
    await cloud.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }))
    const now = Date.now()
    const fields = createMetricFields({ cell, channel: 'email' })({ Sent: 1, DeliveredIn: 4242 })
    const messages = ['START', JSON.stringify({ ...fields, tenant, message: 'Record handled' })]
    const logEvents = messages.map((message) => ({ message, timestamp: now }))
    await cloud.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }))

    const copy = createMetricCopy(cloud, cell)
    await copy()
    await copy()
    const minute = 60_000
    const at = Math.floor(now / minute) * minute
    const buckets = { from: new Date(at), to: new Date(at + 5 * minute), period: 60 }
    const metrics = (['Sent', 'DeliveredIn'] as const).map((name) =>
      ourMetric(name, { cell, channel: 'email' }),
    )
    const values = await createMetricReader(cloud.cloudWatch)(metrics, buckets)
    const sums = values.map((row) => row.reduce((sum: number, value) => sum + (value ?? 0), 0))
    expect(sums).toEqual([1, 4242])
    const { counts } = await createLocalTenantCounts(cloud)(cell, buckets)
    expect(counts).toMatchObject([{ tenant, events: 0, deliveries: 1, failures: 0 }])
  })
})

describe('the console without --allow-repair', () => {
  it('only reads, and leaves nothing behind', async () => {
    const reading = await runConsole(awsEndpoint)
    const ofConsoles = async () => {
      const { QueueUrls = [] } = await cloud.sqs.send(
        new ListQueuesCommand({ QueueNamePrefix: `${busName}-console-` }),
      )
      return [await taps(), QueueUrls.length]
    }
    const before = await ofConsoles()
    const { page } = await openPage(browser, reading.url)
    await page.locator('.verdict').waitFor()
    // The page does not wait for its tap.
    await eventually(ofConsoles, ([tapped]) => tapped === Number(before[0]) + 1)
    const during = await ofConsoles()
    await page.goto(`${reading.origin}/#letters`)
    await page.getByText('Read only').waitFor()
    expect(await page.getByRole('button', { name: 'Send back' }).count()).toBe(0)
    const answer = await page.evaluate(async () => {
      const body = JSON.stringify({ letters: [{ queue: 'q', messageId: 'm' }] })
      return (await fetch('/api/main/redrive', { method: 'POST', body })).status
    })
    expect(answer).toBe(403)
    expect(await reading.stop()).toBe(0)
    expect(during).toEqual(before.map((count) => count + 1))
    expect(await ofConsoles()).toEqual(before)

    // The open page says so, and goes on after the new address was opened.
    const lost = page.locator('#lost')
    await lost.getByText('does not answer').waitFor()
    const again = await runConsole(awsEndpoint, '--port', new URL(reading.origin).port)
    await lost.getByText('was restarted').waitFor()
    await (await page.context().newPage()).goto(again.url)
    await lost.waitFor({ state: 'detached' })
    await again.stop()
  })
})
