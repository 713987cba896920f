import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { translation } from '../../../lib/aws/tables/dynamodb.ts'
import { createSubscriptionStore } from '../../../lib/aws/tables/subscriptions-table.ts'
import { recordEvent, taskEvent } from '../../../lib/events/schemas.ts'
import { notify } from '../../../lib/notifications/notify.ts'
import { pooledUsers } from '../../../lib/notifications/recipients.ts'
import { memoryPorts } from './in-memory.ts'

/** An item as DynamoDB stores it. */
type Stored = Readonly<Record<string, AttributeValue>>

const toTask = { type: 'task.create', schema: taskEvent, recipients: pooledUsers } as const
const toRecord = {
  type: 'record.update',
  schema: recordEvent,
  recipients: () => 'subscribers' as const,
} as const

function item(username: string, eventType: string, attributes: object): Stored {
  const index = eventType === 'preferences' ? {} : { tenantType: `acme#${eventType}` }
  return marshall({ subscriber: `acme#${username}`, eventType, ...index, ...attributes })
}

function mail(username: string, more: object = {}) {
  return { channel: 'email', address: `${username}@acme.example`, ...more }
}

const rule = marshall({
  ...{ subscriber: 'acme', eventType: 'task.assign' },
  actions: [{ channel: 'email', address: '{{ username }}@rule.example' }],
})

/** A table of these items, which answers as DynamoDB does: a key that comes twice fails the whole call. */
function tableOf(items: readonly Stored[]): DynamoDBDocumentClient {
  const read = (found: readonly Stored[]) =>
    found.map((one) => unmarshall(one, translation.unmarshallOptions ?? {}))
  const isAt = (key: Record<string, unknown>) => (one: Stored) =>
    one['subscriber']?.S === key['subscriber'] && one['eventType']?.S === key['eventType']
  const send = async ({ input }: { input: Record<string, never> }) => {
    const { RequestItems, ExpressionAttributeValues: values } = input
    if (RequestItems) {
      const { Keys } = RequestItems['table'] as { Keys: Record<string, unknown>[] }
      // Lone surrogates are one character in UTF-8.
      const utf8 = Keys.map((key) => Object.values(key).map((value) => Buffer.from(`${value}`)))
      if (new Set(utf8.map((bytes) => bytes.join())).size < Keys.length) {
        throw Object.assign(new Error('duplicates'), { name: 'ValidationException', $metadata: {} })
      }
      return { Responses: { table: read(Keys.flatMap((key) => items.filter(isAt(key)))) } }
    }
    const found = items
      .filter((one) => one['tenantType']?.S === values?.[':tenantType'])
      .filter((one) => String(one['subscriber']?.S) >= String(values?.[':first']))
    return { Items: read(found.toSorted((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1))) }
  }
  return { send } as unknown as DynamoDBDocumentClient
}

function nameIn(stored: Stored): string {
  return String(stored['subscriber']?.S)
}

/** A date is written on each person's clock. */
const dueDate = 1767225600000

/** Tells the people of an event whose subscriptions are stored as these items. */
async function tell(
  usernames: readonly string[],
  items: readonly Stored[],
  kind: typeof toTask | typeof toRecord = toTask,
  fails?: (username: string) => void,
  more: object = {},
) {
  const { store, queued, lost, ports } = memoryPorts([])
  const subscriptions = createSubscriptionStore('table', tableOf(items))
  const data = { type: kind.type, taskPooledUsers: usernames, taskTitle: 'Счёт', dueDate, ...more }
  const event = { tenant: 'acme', eventType: kind.type, eventId: 'e1', data }
  const add: typeof store.add = async (notification, initial) => {
    fails?.(notification.username)
    return store.add(notification, initial)
  }
  const notifications = Object.assign(Object.create(store), {
    add,
    addAll: (all: Parameters<typeof store.addAll>[0]) =>
      Promise.all(
        all.map(({ notification, initial }) => add(notification, initial).catch(() => undefined)),
      ),
  })
  const outcome = await notify(kind as typeof toTask, event, {
    ...ports,
    subscriptions,
    notifications,
  })
  const got = (username: string) => ({
    records: store.all.filter((one) => one.username === username),
    queued: queued.filter(({ notification }) => notification.address.startsWith(`${username}@`)),
  })
  return { outcome, got, lost }
}

/** Any value that DynamoDB stores, numbers beyond doubles included. */
const { value: garbage } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.string().map((S) => ({ S })),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => ({ N: String(n) })),
    fc.constantFrom('9007199254740993', '1.5E+40', '-1E+125', '1E-130').map((N) => ({ N })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant({ NULL: true as const }),
    fc.uint8Array({ minLength: 1 }).map((B) => ({ B })),
    fc.uniqueArray(fc.string(), { minLength: 1 }).map((SS) => ({ SS })),
    fc.array(tie('value'), { maxLength: 4 }).map((L) => ({ L })),
    fc
      .dictionary(
        fc.oneof(
          fc.string(),
          fc.constantFrom('t', 'att', 'val', 'channel', 'address', '__proto__'),
        ),
        tie('value'),
        { maxKeys: 4 },
      )
      .map((M) => ({ M })),
  ),
}))

const sound = (eventType: string) =>
  item('broken', eventType, { actions: [mail('broken'), mail('broken.too', { locale: 'en' })] })
const fields = ['channel', 'address', 'locale', 'template', 'condition', 'customData', 'off']

/** A person's stored subscription, garbage at one place of it. */
const brokenItems = (eventType: string): fc.Arbitrary<Stored[]> =>
  fc.oneof(
    fc.tuple(fc.constantFrom(...fields), garbage).map(([field, value]) => {
      const stored = sound(eventType)
      const [first, second] = stored['actions']?.L ?? []
      const action = { M: { ...second?.M, [field]: value } } as AttributeValue
      return [{ ...stored, actions: { L: [first as AttributeValue, action] } }]
    }),
    garbage.map((actions) => [{ ...sound(eventType), actions }]),
    garbage.map((action) => {
      const [first] = sound(eventType)['actions']?.L ?? []
      return [{ ...sound(eventType), actions: { L: [first as AttributeValue, action] } }]
    }),
    garbage.map((preferences) => [
      sound(eventType),
      { ...item('broken', 'preferences', {}), preferences },
    ]),
    fc
      .tuple(
        fc.constantFrom('timeZone', 'locale', 'channels', 'quietHours', 'digest', 'urgent'),
        garbage,
      )
      .map(([field, value]) => {
        const preferences = { M: { timeZone: { S: 'UTC' }, [field]: value } } as AttributeValue
        return [sound(eventType), { ...item('broken', 'preferences', {}), preferences }]
      }),
    garbage.map((person) => [sound(eventType), { ...item('broken', 'person', {}), person }]),
    fc
      .tuple(
        fc.constantFrom('name', 'email', 'locale', 'timeZone'),
        fc.oneof(garbage, fc.constant({ S: 'Mars/Phobos' })),
      )
      .map(([field, value]) => {
        const person = { M: { [field]: value } } as AttributeValue
        return [sound(eventType), { ...item('broken', 'person', {}), person }]
      }),
    // The index has what is no subscription to the type, of a person who has one too.
    fc
      .constantFrom('preferences', 'no.type')
      .map((wrong) => [
        sound(eventType),
        { ...item('broken', wrong, {}), tenantType: { S: `acme#${eventType}` } },
      ]),
  )

const names = fc.uniqueArray(
  fc.stringMatching(/^[a-z]{1,8}$/).filter((one) => one !== 'broken'),
  {
    minLength: 1,
    maxLength: 8,
  },
)

describe('what is stored of one person', () => {
  it.each([
    ['task.assign', toTask],
    ['record.update', toRecord],
  ] as const)(
    'never changes what any other gets of %s, whatever it is',
    async (eventType, kind) => {
      await fc.assert(
        fc.asyncProperty(names, brokenItems(eventType), async (usernames, broken) => {
          const others = usernames.map((name) => item(name, eventType, { actions: [mail(name)] }))
          const without = await tell(usernames, [rule, ...others], kind)
          const all = await tell(['broken', ...usernames], [rule, ...others, ...broken], kind)
          expect(all.outcome).toBe('handled')
          for (const name of usernames) expect(all.got(name)).toEqual(without.got(name))
          const { records } = all.got('broken')
          // They are never without a record, nor told by the rule.
          const isEmptied = broken.length === 1 && broken[0]?.['actions']?.L?.length === 0
          expect(records.length > 0).toBe(!isEmptied)
          for (const { address, state, reason } of records) {
            expect(address).not.toMatch(/@rule\.example$/)
            if (state !== 'WAIT_FOR_DISPATCH') expect(reason).toBeTruthy()
          }
        }),
        { numRuns: 200 },
      )
    },
  )

  it.each([
    ['condition', { S: 'x' }],
    ['customData', { M: { 'no name': { N: '1' } } }],
    ['channel', { S: 'pigeon' }],
    ['address', { N: '1.5E+40' }],
    ['locale', { NULL: true as const }],
  ])('costs no other action of theirs if the %s does not fit', async (field, value) => {
    const [first, second] = sound('task.assign')['actions']?.L ?? []
    const action = { M: { ...second?.M, [field]: value } } as AttributeValue
    const actions = { L: [action, first as AttributeValue] }
    const { got } = await tell(['broken'], [rule, { ...sound('task.assign'), actions }])
    const { records, queued } = got('broken')
    expect(queued).toHaveLength(1)
    const failed = records.filter(({ state }) => state === 'ERROR')
    expect(failed).toMatchObject([
      {
        channel: field === 'channel' ? 'unknown' : 'email',
        address: field === 'address' ? 'action 1' : 'broken.too@acme.example',
        reason: expect.stringMatching(`^invalid-subscription: .*\\(${field}`),
      },
    ])
  })

  it.each([
    ['of a person', 'person', {}, ['WAIT_FOR_DISPATCH', 'WAIT_FOR_DISPATCH']],
    ['of who turned all off', 'preferences', { channels: { '*': [] } }, ['BLOCKED', 'BLOCKED']],
    ['of preferences', 'preferences', {}, ['ERROR', 'ERROR']],
  ])('a time zone %s that no date can be written in is no fault of the template', async (...of) => {
    const [, eventType, more, states] = of
    const stored = { [eventType]: { timeZone: 'Mars/Phobos', ...more } }
    const items = [rule, sound('task.assign'), item('broken', eventType, stored)]
    const { outcome, got } = await tell(['broken', 'anna'], items)
    expect(outcome).toBe('handled')
    expect(got('broken').records.map(({ state }) => state)).toEqual(states)
    expect(got('anna').records).toMatchObject([{ state: 'WAIT_FOR_DISPATCH' }])
  })

  it('costs nobody else a rule’s action that fits', async () => {
    const actions = { L: [{ M: { channel: { S: 'pigeon' } } }, ...(rule['actions']?.L ?? [])] }
    const { got } = await tell(['anna', 'boris'], [{ ...rule, actions } as Stored])
    for (const name of ['anna', 'boris']) {
      expect(
        got(name)
          .records.map(({ state }) => state)
          .toSorted(),
      ).toEqual(['ERROR', 'WAIT_FOR_DISPATCH'])
    }
  })

  it('is found by names in the event that differ in half characters only', async () => {
    const items = [item('anna', 'task.assign', { actions: [mail('anna')] })]
    const named = { initiator: 'a\ud800', assignee: 'a\udc01' }
    const { outcome, got } = await tell(['anna'], items, toTask, undefined, named)
    expect([outcome, got('anna').queued.length]).toEqual(['handled', 1])
  })

  it('may be what the store does not accept', async () => {
    const rejections = ['ValidationException', 'ItemCollectionSizeLimitExceededException']
    await fc.assert(
      fc.asyncProperty(names, fc.constantFrom(...rejections), async (usernames, rejection) => {
        const others = usernames.map((name) => item(name, 'task.assign', { actions: [mail(name)] }))
        const without = await tell(usernames, others)
        const refuse = (username: string) => {
          if (username !== 'broken') return
          throw Object.assign(new Error('x'), { name: rejection, $metadata: {} })
        }
        const items = [...others, sound('task.assign')]
        const all = await tell(['broken', ...usernames], items, toTask, refuse)
        expect(all.outcome).toBe('handled')
        for (const name of usernames) expect(all.got(name)).toEqual(without.got(name))
        expect(all.lost.map(([username]) => username)).toEqual(['broken', 'broken'])
      }),
      { numRuns: 30 },
    )
  })
})
