import type { Page } from 'playwright-core'
import { stage } from './messages.ts'

/** An action of a reader of the console. It is over once its result can be seen. */
export interface Step {
  readonly name: string
  /** @returns the text that the reader learns from it, if any */
  do(page: Page): Promise<string | undefined>
}

export interface Question {
  readonly asked: string
  readonly steps: readonly Step[]
}

const { told, late, flood } = stage

const view = (name: string): Step => ({
  name,
  async do(page) {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
    await page.getByRole('main', { name }).waitFor()
    return undefined
  },
})

/** The field in the head, which searches all tenants. */
const seek = (words: string, row: string): Step => ({
  name: `"${words}", Enter`,
  async do(page) {
    const field = page.getByRole('searchbox', { name: 'Search notifications' })
    await field.fill(words)
    await field.press('Enter')
    return textOf(page.getByRole('row').filter({ hasText: row }).first())
  },
})

const openTitle = (title: string): Step => ({
  name: 'its title',
  async do(page) {
    await page.getByRole('link', { name: title }).first().click()
    return undefined
  },
})

/** The mail as it looks. */
const mail: Step = {
  name: 'the mail',
  async do(page) {
    const body = page.locator('iframe.mail').contentFrame().locator('body')
    await body.getByText(told.task).first().waitFor()
    return textOf(body)
  },
}

/** The five questions of docs/console.md, and the clicks that it names. */
export const questions: readonly Question[] = [
  {
    asked: 'Was this person told of that task, when, in which words?',
    steps: [seek(`northwind ${told.username}`, told.task), openTitle(told.task), mail],
  },
  {
    asked: 'Why is acme’s mail late?',
    steps: [
      {
        name: 'the state',
        async do(page) {
          await page.locator('.verdict').click()
          const item = page.locator('.troubles li').filter({ hasText: `email of ${late.tenant}` })
          return textOf(item)
        },
      },
      {
        name: 'its line',
        async do(page) {
          const name = `email of ${late.tenant} is late`
          await page.getByRole('link', { name, exact: true }).click()
          return textOf(page.getByRole('row').filter({ hasText: 'SMTP 451' }).first())
        },
      },
      {
        name: 'a title',
        async do(page) {
          const row = page.getByRole('row').filter({ hasText: 'SMTP 451' }).first()
          await row.getByRole('link').click()
          return textOf(page.locator('.tries'))
        },
      },
    ],
  },
  {
    asked: 'What changed in the last hour?',
    steps: [
      view('Trends'),
      {
        name: 'its figures, and what was done',
        async do(page) {
          await page.getByRole('row').filter({ hasText: 'Notifications sent' }).waitFor()
          return textOf(page.locator('.marks li').filter({ hasText: 'added' }).first())
        },
      },
      view('Actions'),
    ],
  },
  {
    asked: 'Which tenant floods?',
    steps: [
      view('Tenants'),
      {
        name: 'the first row',
        do: (page) => textOf(page.locator('tbody tr').first().filter({ hasText: flood.tenant })),
      },
    ],
  },
  {
    asked: 'What exactly did he get?',
    steps: [
      seek(`${told.username} ${told.tenant}`, told.task),
      openTitle(told.task),
      mail,
      {
        name: 'Text',
        async do(page) {
          const message = page.getByRole('region', { name: 'Message' })
          await message.getByRole('button', { name: 'Text' }).click()
          return textOf(message.locator('pre'))
        },
      },
    ],
  },
]

/** The visible text, in one line. */
async function textOf(seen: { innerText(): Promise<string> }): Promise<string> {
  return (await seen.innerText()).replaceAll(/\s+/g, ' ').trim()
}
