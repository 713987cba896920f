import { writeFileSync } from 'node:fs'
import { afterAll, expect, it } from '@jest/globals'
import { dataOf, readEventsFile } from '../../../local/demo/events-file.ts'
import { temporaryFolder } from '../../support/worker.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())

const mark = '\ufeff'
const body = '{"data":{"id":"e1","type":"task.create"}}'
const line = (sent: string) =>
  JSON.stringify({ exchange: 'tenant.acme.events', routingKey: 'task.create', body: sent })

it('a byte order mark before the file or before a body changes nothing', async () => {
  const file = folder.path('events.jsonl')
  writeFileSync(file, `${mark}${line(body)}\n${line(mark + body)}\n`)
  const messages = await readEventsFile(file)
  expect(messages).toMatchObject([
    { eventId: 'e1', type: 'task.create', body },
    { eventId: 'e1', type: 'task.create', body: mark + body },
  ])
  expect(messages.map((message) => dataOf(message.body))).toEqual([
    { id: 'e1', type: 'task.create' },
    { id: 'e1', type: 'task.create' },
  ])
})
