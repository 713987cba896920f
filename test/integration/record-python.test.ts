import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterEach, beforeAll, expect, it } from '@jest/globals'
import { openHandshakeChannel } from '../../lib/amqp/handshake-channel.ts'
import { decodeEvent } from '../../lib/events/event.ts'
import { startSource } from '../../lib/records/source.ts'
import { installPython } from '../../local/python.ts'
import { quietContext } from '../support/journey.ts'
import { silentLog } from '../support/memory.ts'
import { startListener } from '../support/record-listener.ts'
import { eventually, newTenant, onChannel, runningStack } from '../support/stack.ts'

/** The examples in Python, which know the protocol alone, with our own listener and source. */
const folder = 'examples/record-events-python'
const { amqpUrl } = runningStack()
const seconds = 1000
let python: string | undefined
const cleanups: (() => unknown)[] = []

beforeAll(async () => {
  const requirements = `../${folder}/requirements.txt`
  python = await installPython({ name: 'pika', requirements, folder: 'venv-pika' }, quietContext)
}, 300 * seconds)

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function start(program: string, python: string, ...args: string[]) {
  const child = spawn(python, [`${folder}/${program}`, amqpUrl, ...args], { stdio: 'pipe' })
  cleanups.push(() => child.kill())
  const lines: string[] = []
  createInterface(child.stdout).on('line', (line) => lines.push(line))
  const errors: string[] = []
  createInterface(child.stderr).on('line', (line) => errors.push(line))
  return { child, lines, errors }
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.on('close', resolve))

const title = 'Договор №1'
const record = 'cases@1'

it(
  'a listener in Python gets what it asked for from our source',
  async () => {
    if (python === undefined) return
    const tenant = newTenant()
    const open = () => openHandshakeChannel(amqpUrl, tenant, 'listener', silentLog)
    const source = startSource(open, {
      id: 'cases',
      waitFor: ['python-listener'],
      settleSeconds: 150,
      log: silentLog,
      loadAttributes: async () => new Map([[record, { title, secret: 1 }]]),
    })
    cleanups.push(() => source.close())
    const queue = `python.${tenant}`
    cleanups.push(() => onChannel(amqpUrl, (channel) => channel.deleteQueue(queue)))
    const { lines } = start('listener.py', python, tenant, queue, 'record-changed', 'title', 'none')
    expect(await source.announce([{ type: 'record-changed', record, id: 'e1' }])).toEqual([
      { id: 'e1', listeners: ['python-listener'] },
    ])
    const [line = ''] = await eventually(
      async () => lines,
      ({ length }) => length > 0,
    )
    expect(JSON.parse(line)).toEqual({
      id: 'e1',
      type: 'record-changed',
      docId: record,
      createdDate: expect.any(Number),
      attributes: { title, none: null },
    })
  },
  300 * seconds,
)

it(
  'a source in Python sends our listener what it asked for, as an event that the bridge reads',
  async () => {
    if (python === undefined) return
    const tenant = newTenant()
    const queue = `ours.${tenant}`
    await onChannel(amqpUrl, (channel) => channel.assertQueue(queue, { durable: true }))
    cleanups.push(() => onChannel(amqpUrl, (channel) => channel.deleteQueue(queue)))
    const listener = startListener(
      () => openHandshakeChannel(amqpUrl, tenant, 'source', silentLog),
      {
        id: 'ours',
        queue,
        interests: { 'record-changed': { attributes: ['title', 'author.userName'] } },
        log: silentLog,
      },
    )
    cleanups.push(() => listener.close({ withdraw: true }))
    const values = JSON.stringify({ title, secret: 1 })
    const sourceArgs = [tenant, 'record-changed', record, values]
    // A source that starts before the listener is connected has nobody to send to: it is run again.
    await eventually(
      async () => {
        const { child, lines, errors } = start('source.py', python as string, ...sourceArgs)
        expect([await ended(child), errors]).toEqual([0, []])
        return lines
      },
      (lines) => lines.includes('ours'),
    )
    const message = await onChannel(amqpUrl, (channel) => channel.get(queue, { noAck: true }))
    if (message === false) throw new Error('No event came')
    expect(message.properties).toMatchObject({ type: 'record-changed', deliveryMode: 2 })
    const decoded = decodeEvent(tenant, 'record-changed', message.content)
    if (decoded.outcome === 'refused') throw new Error(decoded.explanation)
    expect(decoded.event.subject).toBe(record)
    expect(JSON.parse(String(decoded.event.data)).attributes).toEqual({
      title,
      'author.userName': null,
    })
  },
  300 * seconds,
)
