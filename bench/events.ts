import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Event types with bodies of the real producer, cut after the event's id. */
const samples = readFileSync('test/fixtures/events-1.0.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { routingKey: string; body: string })
  .filter(({ routingKey }) => routingKey.startsWith('task.'))
  .map(({ routingKey, body }) => ({ type: routingKey, rest: restOf(body) }))

export interface BenchEvent {
  readonly type: string
  readonly body: Buffer
}

/** Creates an event: a real body with a new id. With `clock` it carries the time of its creation. */
export function newEvent(index: number, clock = false, id: string = randomUUID()): BenchEvent {
  const { type, rest } = samples[index % samples.length] as (typeof samples)[number]
  const sentAt = clock ? `"sentAt":${process.hrtime.bigint() / 1000n},` : ''
  return { type, body: Buffer.from(`{"data":{${sentAt}"id":"${id}",${rest}`) }
}

/** The body's text after the id. */
function restOf(body: string): string {
  const id = /^\{"data":\{"id":"[^"]*",/.exec(body)
  if (id === null) throw new Error(`The fixture's body does not begin with its id: ${body}`)
  return body.slice(id[0].length)
}
