import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'

// Each test starts a process or two.
jest.setTimeout(300_000)

let folder: string
let out: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecos-templates-'))
  out = join(folder, 'out.html')
  await mkdir(join(folder, 'own', 'acme', 'task.create'), { recursive: true })
  await writeFile(
    join(folder, 'own', 'acme', 'task.create', 'email.en.liquid'),
    '{{ customData.boss }}: {{ event.taskTitle }}\n\nDue {{ event.dueDate | date_short }}\n',
  )
})

afterAll(() => rm(folder, { recursive: true }))

function templates(...args: string[]) {
  const { TENANTS_FILE: _, ...variables } = process.env
  const env = { ...variables, NODE_OPTIONS: '' }
  const command = ['bin/ecos-eventbridge.mjs', 'templates', ...args]
  return promisify(execFile)(process.execPath, command, { env })
}

async function eventFile(content: unknown): Promise<string> {
  const file = join(folder, 'event.json')
  await writeFile(file, JSON.stringify(content))
  return file
}

describe('templates preview', () => {
  it("prints what the tenant's own template makes of an event as it is on the bus", async () => {
    const data = { type: 'task.create', taskTitle: '<Lease>', dueDate: 1767225600000 }
    const event = await eventFile({ source: 'ecos.acme', detail: { tenantid: 'acme', data } })
    const own = ['--templates', join(folder, 'own'), '--custom-data', '{"boss":"Petrov"}']
    const { stdout } = await templates('preview', '--event', event, '--out', out, ...own)
    expect(stdout).toBe(`Template: acme/task.create/email.en.liquid
HTML: ${out}
Title: Petrov: <Lease>

Due 1/1/26, 03:00 (Moscow Time)

Open ECOS: https://ecos.acme.example

-- 
You received this message because you can take this task.
`)
    expect(await readFile(out, 'utf8')).toContain('<title>Petrov: &lt;Lease&gt;</title>')
  })

  it('prints what the built-in one makes of an event as ECOS sends it', async () => {
    const event = await eventFile({ data: { type: 'comment.added', textAfter: 'Да' } })
    const { stdout } = await templates('preview', '--event', event, '--out', out)
    expect(stdout).toMatch(/^Template: _built-in\/comment.added\/any.ru.liquid\n/)
    expect(stdout).toContain('Title: Новый комментарий: Да\n')
  })

  it('shows what arrives by each channel', async () => {
    const shown = async (channel: string) => {
      const sample = ['--type', 'task.assign', '--tenant', 'acme', '--locale', 'ru', '--out', out]
      return (await templates('preview', ...sample, '--channel', channel)).stdout
    }
    expect(await shown('sms')).toContain(
      'Новая задача: Согласование договора №8\nhttps://ecos.acme.example\n\n(parts: 1)\n',
    )
    const button = '[ Открыть задачу ] https://ecos.acme.example/v2/dashboard?recordRef='
    expect(await shown('telegram')).toContain(button)
    expect(await shown('push')).toContain('"body": "Срок: завтра в 18:00"')
    expect(await shown('webhook')).toContain('"due": "2026-01-02T15:00:00.000Z"')
  })

  it('says what is wrong with an event', async () => {
    const event = await eventFile({ data: { type: 'task.made', taskPooledUsers: 1 } })
    await expect(templates('preview', '--event', event, '--out', out)).rejects.toMatchObject({
      code: 1,
      stderr: `${event}: "task.made" is not an event type\n`,
    })
  })
})

describe('templates check', () => {
  it('names file, line and column of each fault, and fails', async () => {
    const own = join(folder, 'own')
    const { stdout } = await templates('check', '--templates', own)
    expect(stdout).toBe(`No faults. Files in ${own}: 1\n`)
    await writeFile(join(own, 'acme', 'task.create', 'any.ru.liquid'), 'T\n\n{{ event.titel }}')
    await expect(templates('check', '--templates', own)).rejects.toMatchObject({
      code: 3,
      stderr: `${own}/acme/task.create/any.ru.liquid:3:4: undefined variable: event.titel\n`,
    })
  })
})
