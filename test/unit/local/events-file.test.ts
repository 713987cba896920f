import { writeFileSync } from 'node:fs'
import { afterAll, expect, it } from '@jest/globals'
import { dataOf, readEventsFile, sentNow } from '../../../local/demo/events-file.ts'
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

it('samples that are sent now are of now, in their order, and keep whole days until they are due', async () => {
  const samples = await readEventsFile('local/demo/samples.jsonl')
  const now = new Date('2031-05-06T07:08:09.010Z')
  const sent = sentNow(samples, now)
  const timesOf = (messages: typeof samples, field: string) =>
    messages.map(({ body }) => dataOf(body)?.[field]).filter((time) => typeof time === 'number')
  const [before, after] = [samples, sent].map((some) => timesOf(some, 'createdDate'))
  expect(Math.max(...(after ?? []))).toBe(now.getTime())
  const gaps = (times: number[] = []) => times.map((time) => time - (times[0] ?? 0))
  expect(gaps(after)).toEqual(gaps(before))
  const due = timesOf(sent, 'dueDate')
  expect(new Set(due.map((time) => time % 86_400_000))).toEqual(new Set([0]))
  expect(Math.min(...due)).toBeGreaterThan(now.getTime())
  // Where no id is in the body, it is a hash of it; the others keep theirs.
  const named = ({ body }: (typeof samples)[number]) => typeof dataOf(body)?.['id'] === 'string'
  expect(sent.filter(named).map(({ eventId }) => eventId)).toEqual(
    samples.filter(named).map(({ eventId }) => eventId),
  )
})
