import { describe, expect, it } from '@jest/globals'
import type { Findings } from '../../../torture/ledger/ledger.ts'
import type { Allowance } from '../../../torture/nemesis/fault.ts'
import type { Expected, PlannedMessage } from '../../../torture/plan/message.ts'
import { judge } from '../../../torture/verdict/verdict.ts'

const mark = 'rig-1-7'

function messageOf(expected: Expected, tenant = 'alder'): PlannedMessage {
  const type = 'task.create'
  return {
    ...{ mark, at: 0, tenant, type, routingKey: type, headers: {}, size: 0, expected },
    body: () => Buffer.from(mark),
  }
}

const told = messageOf({ end: 'handled', people: ['mailer'] })
const mail = { mark, channel: 'email', address: 'mailer@tenant-0.example' } as const
const key = `alder#task.create#${mark}`
const copy = { mark, source: 'ecos.alder', detailType: 'task.create', tenant: 'alder' }
const sent = { ...mail, key, username: 'mailer', state: 'SENT', attempts: 1 }
const right: Findings = {
  bus: [copy],
  events: [{ mark, key, state: 'HANDLED' }],
  notifications: [sent],
  arrivals: [mail],
  letters: [],
}

function kinds(
  findings: Partial<Findings>,
  message: PlannedMessage = told,
  allowed: readonly Allowance[] = [],
  unheard: ReadonlyMap<string, number> = new Map(),
  returned: readonly string[] = [],
): string[] {
  const problems = judge({
    messages: [message],
    copies: new Map(),
    returned: new Set(returned),
    findings: { ...right, ...findings },
    allowed: new Set(allowed),
    unheard,
    webhookUrl: 'http://hooks',
  })
  return problems.map(({ kind }) => kind)
}

describe('judge', () => {
  it('finds nothing wrong with an event that was told once', () => {
    expect(kinds({})).toEqual([])
  })

  it('finds an event that never reached the bus, its handler or its person', () => {
    const nothing = { bus: [], events: [], notifications: [], arrivals: [] }
    expect(kinds(nothing)).toEqual(['lost', 'lost'])
    expect(kinds({ arrivals: [] })).toEqual(['lost'])
    expect(kinds({ events: [] })).toEqual(['lost'])
  })

  it('finds an event for which the broker had no queue, unless its tenant was away', () => {
    const nothing = { bus: [], events: [], notifications: [], arrivals: [] }
    const away = ['alder/rig-1-7', 'birch/rig-1-7']
    const ofBirch = messageOf({ end: 'handled', people: ['mailer'] }, 'birch')
    expect(kinds(nothing, told, ['returned'], new Map(), away)).toEqual(['unroutable'])
    expect(kinds(nothing, ofBirch, [], new Map(), away)).toEqual(['unroutable'])
    expect(kinds(nothing, ofBirch, ['returned'], new Map(), away)).toEqual([])
    expect(kinds(nothing, ofBirch, ['returned'])).toEqual(['lost', 'lost'])
  })

  it('finds a second copy that its receiver can not tell from another notification', () => {
    const copies = (...ids: string[]) => ids.map((id) => ({ ...mail, id }))
    const allowed = ['twice-delivered'] as const
    expect(kinds({ arrivals: copies('a', 'a') }, told, allowed)).toEqual([])
    expect(kinds({ arrivals: copies('a', 'b') }, told, allowed)).toEqual(['id-changed'])
  })

  it('finds an innocent event that was set aside', () => {
    const letter = { mark, queue: 'tenant.alder.eventbridge.dead-letter', reason: 'rejected' }
    expect(kinds({ letters: [letter] })).toEqual(['innocent-set-aside'])
  })

  it('finds a copy on the bus, unless a fault of the run explains it', () => {
    expect(kinds({ bus: [copy, copy] })).toEqual(['twice-on-bus'])
    expect(kinds({ bus: [copy, copy] }, told, ['twice-on-bus'])).toEqual([])
    const once = new Map([[mark, 1]])
    expect(kinds({ bus: [copy, copy] }, told, [], once)).toEqual([])
    expect(kinds({ bus: [copy, copy, copy] }, told, [], once)).toEqual(['twice-on-bus'])
  })

  it('finds a second delivery, unless a fault explains it, and more than the repeats in any case', () => {
    expect(kinds({ arrivals: [mail, mail] })).toEqual(['delivered-again'])
    expect(kinds({ arrivals: [mail, mail] }, told, ['twice-delivered'])).toEqual([])
    const four = [mail, mail, mail, mail]
    expect(kinds({ arrivals: four }, told, ['twice-delivered'])).toEqual(['delivered-again'])
  })

  it('finds what reached another tenant', () => {
    expect(kinds({ bus: [{ ...copy, source: 'ecos.birch' }] })).toEqual(['cross-tenant'])
    const foreign = { ...mail, address: 'mailer@tenant-1.example' }
    expect(kinds({ arrivals: [mail, foreign] })).toEqual(['wrong-recipient'])
  })

  it('accepts an unknown end only where a fault explains it', () => {
    const uncertain = { notifications: [{ ...sent, state: 'UNCERTAIN' }] }
    expect(kinds(uncertain)).toEqual(['wrong-state'])
    expect(kinds({ ...uncertain, arrivals: [] }, told, ['uncertain'])).toEqual([])
  })

  it('finds a notification that was tried too often', () => {
    expect(kinds({ notifications: [{ ...sent, attempts: 13 }] })).toEqual(['too-many-tries'])
  })

  it('expects a bad message where it belongs, with its reason and its tenant', () => {
    const bad = messageOf({ end: 'quarantined', reason: 'not-json' })
    const letter = { mark, queue: 'quarantine', reason: 'not-json', tenant: 'alder' }
    const set = (more: object) => kinds({ arrivals: [], letters: [{ ...letter, ...more }] }, bad)
    expect(set({})).toEqual([])
    expect(set({ reason: 'no-type' })).toEqual(['wrongly-set-aside'])
    expect(set({ tenant: 'birch' })).toEqual(['cross-tenant'])
    expect(kinds({ arrivals: [] }, bad)).toEqual(['lost'])
    expect(kinds({ letters: [letter] }, bad)).toEqual(['bad-delivered'])
  })

  it('expects nothing to come to the person whose preferences can not be followed', () => {
    const astray = messageOf({ end: 'handled', people: ['astray'] })
    const address = 'astray@tenant-0.example'
    const failed = { ...sent, username: 'astray', address, state: 'ERROR' }
    expect(kinds({ arrivals: [], notifications: [failed] }, astray)).toEqual([])
    expect(kinds({ arrivals: [{ ...mail, address }], notifications: [failed] }, astray)).toEqual([
      'against-preferences',
    ])
  })

  it('expects a mailbox that does not exist to be refused, or to be switched off by then', () => {
    const gone = messageOf({ end: 'handled', people: ['mover'] })
    const hook = { mark, channel: 'webhook', address: 'http://hooks/tenant-0/mover' } as const
    const posted = { ...sent, ...hook, username: 'mover' }
    const stateOf = (state: string) => {
      const mailed = { ...sent, username: 'mover', address: 'mover@tenant-0.example', state }
      return kinds({ arrivals: [hook], notifications: [mailed, posted] }, gone)
    }
    expect(stateOf('ERROR')).toEqual([])
    expect(stateOf('BLOCKED')).toEqual([])
    expect(stateOf('SENT')).toEqual(['wrong-state'])
  })

  it('finds what nobody has published', () => {
    expect(kinds({ arrivals: [mail, { ...mail, mark: 'unmarked' }] })).toEqual(['stranger'])
  })
})
