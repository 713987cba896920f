import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** An event type of the bench and its bodies, cut from what the real producer sends. */
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

/** A new event: a real body with an id of its own. With `clock` it carries when it was made. */
export function newEvent(index: number, clock = false): BenchEvent {
  const { type, rest } = samples[index % samples.length] as (typeof samples)[number]
  const sentAt = clock ? `"sentAt":${process.hrtime.bigint() / 1000n},` : ''
  return { type, body: Buffer.from(`{"data":{${sentAt}"id":"${randomUUID()}",${rest}`) }
}

/** The body's text after its id. */
function restOf(body: string): string {
  const id = /^\{"data":\{"id":"[^"]*",/.exec(body)
  if (id === null) throw new Error(`The fixture's body does not begin with its id: ${body}`)
  return body.slice(id[0].length)
}
