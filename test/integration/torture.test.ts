import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, it, jest } from '@jest/globals'
import { canStartBroker } from '../support/own-broker.ts'

/** The run's own minute, the start of a stack of its own beside the other tests, and its end. */
jest.setTimeout(900_000)

/** A seed whose faults are many in a minute. */
const args = ['--seed', '7', '--minutes', '1']
const faults = [
  ...['broker-killed', 'broker-link-cut', 'worker-killed', 'drain-killed', 'handlers-killed'],
  ...['eventbridge-fails-entries', 'eventbridge-throttles', 'sqs-fails', 'dynamodb-loses-answers'],
  ...['webhook-fails', 'mail-link-cut'],
]

const itWithBroker = canStartBroker ? it : it.skip
itWithBroker('no event is lost, set aside or told twice under load and faults', async () => {
  const rig = spawn(process.execPath, ['torture/torture.ts', ...args, '--only', faults.join(',')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(rig.stdout),
    text(rig.stderr),
    once(rig, 'exit'),
  ])
  // The verdict is in the last lines.
  const verdict = stdout.slice(stdout.lastIndexOf('Seed 7 (')) + stderr
  expect([verdict, code]).toEqual([expect.stringContaining('passed'), 0])
})
