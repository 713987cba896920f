import { resolve } from 'node:path'
import * as z from 'zod'
import { errorText } from '../bin/say.ts'
import { readEnvironment } from '../lib/config.ts'
import { readEventsFile } from './demo/events-file.ts'
import { publish } from './demo/publish.ts'

// npm run publish-events -- FILE: publishes the messages of a file to the broker of AMQP_URL.

try {
  const { AMQP_URL } = readEnvironment(z.object({ AMQP_URL: z.string() }), process.env)
  // npm runs this in the project's folder; the user may have been in another.
  const file = resolve(process.env['INIT_CWD'] ?? '.', process.argv[2] ?? '')
  const messages = await readEventsFile(file)
  const dropped = await publish(AMQP_URL, messages)
  for (const { line, exchange, routingKey } of dropped) {
    console.error(`Line ${line}: no queue is bound to ${exchange} for ${routingKey}`)
  }
  console.log(`Published ${messages.length - dropped.size} of ${messages.length} messages`)
  process.exitCode = dropped.size === 0 ? 0 : 1
} catch (error) {
  console.error(errorText(error))
  process.exitCode = 1
}
