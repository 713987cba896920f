import { afterEach, describe, expect, it, jest } from '@jest/globals'
import fc from 'fast-check'
import { createJournal } from '../../../lib/bridge/journal.ts'
import type { EcosEvent } from '../../../lib/events/event.ts'
import { listeningLog } from '../../support/listening-log.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

const event = (id: string, tenant = 'acme'): EcosEvent => {
  return { tenant, type: 'task.create', id, data: Buffer.from('{}') }
}

describe('the journal', () => {
  afterEach(() => void jest.useRealTimers())

  it('names the events of a tenant that went the same way in one line', () => {
    const { log, lines } = listeningLog()
    const journal = createJournal(log)
    for (const id of ['1', '2']) journal.note('bridged', event(id))
    journal.note('bridged', event('3', 'beta'))
    journal.note('returned', event('4'))
    expect(lines).toEqual([])
    journal.write()
    journal.write()
    expect(lines.map(({ fields }) => fields)).toEqual([
      { tenant: 'acme', outcome: 'bridged', events: 2, eventIds: ['1', '2'] },
      { tenant: 'beta', outcome: 'bridged', events: 1, eventIds: ['3'] },
      { tenant: 'acme', outcome: 'returned', events: 1, eventIds: ['4'] },
    ])
  })

  it('names the traces of those that have one, each once', () => {
    const { log, lines } = listeningLog()
    const journal = createJournal(log)
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
    journal.note('bridged', event('1'))
    for (const id of ['2', '3']) journal.note('bridged', { ...event(id), traceparent })
    journal.write()
    expect(lines.map(({ fields }) => fields['traceIds'])).toEqual([[traceId]])
  })

  it('names no more ids in a line than CloudWatch indexes, with those of traces', () => {
    const { log, lines } = listeningLog()
    const journal = createJournal(log)
    for (let index = 0; index < 400; index += 1) {
      const id = index.toString(16).padStart(32, '0')
      const traceparent = `00-${id.replace('0', '1')}-00f067aa0ba902b7-01`
      journal.note('bridged', { ...event(id), traceparent })
    }
    journal.write()
    const counts = lines.map(({ fields }) => {
      const { eventIds, traceIds } = fields as Record<string, string[]>
      return (eventIds?.length ?? 0) + (traceIds?.length ?? 0)
    })
    expect(Math.max(...counts)).toBeLessThanOrEqual(180)
    expect(counts.reduce((sum, count) => sum + count)).toBe(800)
  })

  it('names every event once, in lines that are bounded, however many and long their ids are', () => {
    const ids = fc.array(fc.oneof(fc.uuid(), fc.string({ minLength: 200, maxLength: 256 })), {
      maxLength: 400,
      size: 'max',
    })
    fc.assert(
      fc.property(ids, (all) => {
        const { log, lines } = listeningLog()
        const journal = createJournal(log)
        for (const id of all) journal.note('bridged', event(id))
        journal.write()
        const named = lines.map(({ fields }) => fields['eventIds'] as string[])
        expect(named.flat()).toEqual(all)
        for (const some of named) {
          expect(some.length).toBeLessThanOrEqual(180)
          expect(some.join('').length).toBeLessThan(10_256)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('writes by itself after five seconds, and not again what it has written', () => {
    jest.useFakeTimers()
    const { log, lines } = listeningLog()
    const journal = createJournal(log)
    const written = () => lines.splice(0).flatMap(({ fields }) => fields['eventIds'])
    journal.note('bridged', event('1'))
    jest.advanceTimersByTime(4_999)
    journal.note('bridged', event('2'))
    journal.note('returned', event('3'))
    expect(written()).toEqual([])
    jest.advanceTimersByTime(1)
    expect(written()).toEqual(['1', '2', '3'])
    journal.note('bridged', event('4'))
    jest.advanceTimersByTime(3_000)
    journal.write()
    expect(written()).toEqual(['4'])
    journal.note('bridged', event('5'))
    jest.advanceTimersByTime(4_999)
    expect(written()).toEqual([])
    jest.advanceTimersByTime(1)
    expect(written()).toEqual(['5'])
    jest.advanceTimersByTime(60_000)
    expect(lines).toEqual([])
  })

  it('writes a line as soon as it is full, by its ids or by their length', () => {
    const { log, lines } = listeningLog()
    const journal = createJournal(log)
    const sizes = () => lines.splice(0).map(({ fields }) => fields['events'])
    for (let index = 0; index < 178; index += 1) journal.note('bridged', event(`${index}`))
    expect(sizes()).toEqual([])
    journal.note('bridged', event('178'))
    expect(sizes()).toEqual([179])
    for (let index = 0; index < 90; index += 1) {
      expect(sizes()).toEqual([])
      const trace = `f${index.toString(16).padStart(31, '0')}`
      journal.note('bridged', {
        ...event(`${index}`),
        traceparent: `00-${trace}-00f067aa0ba902b7-01`,
      })
    }
    expect(sizes()).toEqual([90])
    for (let index = 0; index < 9; index += 1) journal.note('returned', event('x'.repeat(1_000)))
    journal.note('returned', event('x'.repeat(999)))
    expect(sizes()).toEqual([])
    journal.note('returned', event('x'))
    expect(sizes()).toEqual([11])
  })

  it('says in words which events went on and which come again', () => {
    const { log, lines } = listeningLog()
    const journal = createJournal(log)
    journal.note('bridged', event('1'))
    journal.note('returned', event('2'))
    journal.write()
    expect(lines.map(({ message }) => message)).toEqual([
      'Bridged',
      'Not sent; the broker will deliver them again',
    ])
    expect(lines.map(({ fields }) => 'traceIds' in fields)).toEqual([false, false])
  })
})
