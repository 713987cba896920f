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

const tenant = (id: string): Step => ({
  name: `tenant ${id}`,
  async do(page) {
    await page.getByRole('combobox', { name: 'Tenant' }).selectOption(id)
    return undefined
  },
})

const find = (fields: Readonly<Record<string, string>>, row: string): Step => ({
  name: `${Object.keys(fields).join(', ')}; Find`,
  async do(page) {
    for (const [label, value] of Object.entries(fields))
      await page.getByLabel(label, { exact: true }).fill(value)
    await page.getByRole('button', { name: 'Find' }).click()
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
    steps: [
      view('Search'),
      tenant(told.tenant),
      find({ 'Task, document or id': 'northwind', Person: told.username }, told.task),
      openTitle(told.task),
      mail,
    ],
  },
  {
    asked: 'Why is acme’s mail late?',
    steps: [
      tenant(late.tenant),
      {
        name: 'email, in Pipeline',
        async do(page) {
          const picture = page.locator('.picture')
          await picture.getByRole('link', { name: 'email', exact: true }).click()
          return textOf(page.getByRole('row').filter({ hasText: 'SMTP 451' }).first())
        },
      },
      {
        name: 'a title',
        async do(page) {
          const row = page.getByRole('row').filter({ hasText: 'SMTP 451' }).first()
          await row.getByRole('link').click()
          return textOf(page.locator('.slowest'))
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
      view('Search'),
      tenant(told.tenant),
      find({ Person: told.username }, told.task),
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
