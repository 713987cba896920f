import { describe, expect, it } from '@jest/globals'
import { type CarryPorts, carry } from '../../../lib/operations/carry.ts'
import { parsePublished, publishedText } from '../../../lib/tenants/published.ts'
import { readTenantsFile } from '../../../lib/tenants/tenants-file.ts'

const appliedAt = new Date('2026-11-28T10:00:00.000Z')
const move = { tenant: 'a', from: 'main', to: 'north' }
const queue = (type: string, waiting = 0) => ({
  name: `ecos-main-${type}`,
  waiting,
  inFlight: 0,
  delayed: 0,
})
const types = [
  ...['task-create', 'task-assign', 'task-complete', 'task-delete', 'comment-added'],
  ...['record-create', 'record-update', 'record-created', 'record-changed', 'record-deleted'],
  'record-status-changed',
]

/** What the cell's table has after these files were applied one after the other. */
function appliedText(...files: string[]): string {
  let text = ''
  for (const file of files) {
    const before = text === '' ? undefined : parsePublished(text)
    text = publishedText(readTenantsFile(file, 'tenants.yml'), 'main', before, appliedAt)
  }
  return text
}
const moving = appliedText('tenants: { a: , b: }', 'tenants: { a: { movingTo: north }, b: }')

/** A cell at which every look sees the next state. */
function cellWhich(sees: {
  /** Null: nothing was ever applied. */
  readonly text?: string | null
  readonly consumers?: readonly (number | undefined)[]
  readonly queues?: readonly (readonly ReturnType<typeof queue>[])[]
}) {
  const steps: string[] = []
  let now = appliedAt.getTime()
  const consumers = [...(sees.consumers ?? [0])]
  const queues = [...(sees.queues ?? [types.map((type) => queue(type))])]
  const nothing = { subscriptions: 0, listeners: 0, contents: 0, records: 0, held: 0 }
  const ports: CarryPorts = {
    applied: {
      read: async () =>
        sees.text === null ? undefined : { version: '2', text: sees.text ?? moving },
    },
    countConsumers: async () => (consumers.length > 1 ? consumers.shift() : consumers[0]),
    countQueues: async () => (queues.length > 1 ? queues.shift() : queues[0]) ?? [],
    copy: async () => {
      steps.push(`copied after ${(now - appliedAt.getTime()) / 1000} s`)
      return nothing
    },
    now: () => new Date(now),
    pause: async (seconds) => {
      now += seconds * 1000
    },
    onWaiting: (reason) => {
      if (steps.at(-1) !== reason) steps.push(reason)
    },
  }
  return { ports, steps }
}
const later = (minutes: number) => new Date(appliedAt.getTime() + minutes * 60_000)

describe('a tenant that moves', () => {
  it('is carried after its bridges, its queue and its handlers are quiet, in this order', async () => {
    const busy = types.map((type) => queue(type, 1))
    const { ports, steps } = cellWhich({
      consumers: [2, 1, 0],
      // Others keep the queues busy: each needs to be seen empty twice, 15 s apart.
      queues: [
        busy,
        busy.with(0, queue('task-create')),
        ...Array.from({ length: 7 }, () => [
          queue('task-create', 9),
          ...types.slice(1).map((type) => queue(type)),
        ]),
        busy.with(0, queue('task-create')),
        ...Array.from({ length: 3 }, () => busy),
        types.map((type) => queue(type)),
      ],
    })
    await carry(move, later(15), ports)
    expect(steps).toEqual([
      'bridges that read the tenants every 30 s',
      'a bridge that consumes its queue',
      'events in the queues of the handlers',
      'copied after 90 s',
    ])
  })

  it('waits again for a bridge that comes back: it may have taken events meanwhile', async () => {
    const { ports, steps } = cellWhich({ consumers: [0, 1, 1, 0] })
    await carry(move, later(15), ports)
    expect(steps).toEqual([
      'bridges that read the tenants every 30 s',
      'events in the queues of the handlers',
      'a bridge that consumes its queue',
      'events in the queues of the handlers',
      expect.stringMatching(/^copied after/),
    ])
  })

  it.each([
    ['cell-busy', { consumers: [1] }],
    ['cell-busy', { queues: [[queue('task-create', 1)]] }],
    ['queue-absent', { consumers: [undefined] }],
    ['still-served', { text: appliedText('tenants: { a: , b: }') }],
    ['not-moving', { text: appliedText('tenants: { b: }') }],
    ['not-moving', { text: appliedText('tenants: { a: , b: }', 'tenants: { b: }') }],
    ['not-moving', { text: null }],
  ])('is not carried with %s', async (code, sees) => {
    const { ports, steps } = cellWhich(sees)
    await expect(carry(move, later(5), ports)).rejects.toMatchObject({ code })
    expect(steps.some((step) => step.startsWith('copied'))).toBe(false)
  })
})
