import { describe, expect, it } from '@jest/globals'

// The page's files are checked with the types of a browser, by console/page/tsconfig.json.
const { runsOf, withoutResults } = await import(`../../../console/page/${'runs'}.js`)

const event = (id: string, tenant = 'acme', type = 'task.create') => ({ at: id, id, tenant, type })
const idsOf = (runs: { id: string }[][]) => runs.map((run) => run.map(({ id }) => id).join(''))

describe('events as they pass', () => {
  it('are folded where the same tenant’s of the same type follow each other', () => {
    const events = [
      ...[event('e'), event('d')],
      ...[
        event('c', 'globex'),
        event('b', 'acme', 'task.assign'),
        event('a', 'acme', 'task.assign'),
      ],
    ]
    expect(idsOf(runsOf(events))).toEqual(['ed', 'c', 'ba'])
    expect(runsOf([])).toEqual([])
  })

  it('are told from what became of notifications', () => {
    const events = [
      event('c', 'acme', 'notification.sent'),
      event('b'),
      event('a', 'x', 'notification.failed'),
    ]
    expect(withoutResults(events).map(({ id }: { id: string }) => id)).toEqual(['b'])
  })
})
