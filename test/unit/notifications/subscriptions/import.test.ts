import { describe, expect, it } from '@jest/globals'
import { readOldSubscribers } from '../../../../lib/notifications/subscriptions/import.ts'

const config = { clientRegToken: 'token-1', deviceType: 'android' }
const push = (more: object = {}) => ({ type: 'FIREBASE_NOTIFICATION', config, ...more })
const subscriber = (...actions: object[]) => ({
  tenantId: 'acme',
  username: 'Ivanov',
  subscriptions: [{ eventType: 'task.assign', actions }],
})

/** The actions that came of those of one subscriber. */
function converted(...actions: object[]) {
  return readOldSubscribers([subscriber(...actions)]).subscriptions.flatMap((one) => one.actions)
}

describe('an import', () => {
  it('makes pushes of the old service’s actions', () => {
    const full = push({
      config: {
        fireBaseClientRegToken: 'token-2',
        deviceType: 'ios',
        templateId: 'notifications/template@short',
        locale: 'en',
      },
      condition: '{"t":"eq","a":"taskType","v":"review"}',
      customData: { title: 'document.title' },
    })
    expect(readOldSubscribers([subscriber(push(), full)])).toEqual({
      subscriptions: [
        {
          tenant: 'acme',
          username: 'ivanov',
          eventType: 'task.assign',
          actions: [
            { channel: 'push', address: 'token-1' },
            {
              channel: 'push',
              address: 'token-2',
              locale: 'en',
              template: 'short',
              condition: { t: 'eq', att: 'taskType', val: 'review' },
              customData: { title: 'document.title' },
            },
          ],
        },
      ],
      remarks: [],
    })
  })

  it.each([true, 'true', ' true ', '', null])('takes the condition %j for none', (condition) => {
    expect(converted(push({ condition }))).toEqual([{ channel: 'push', address: 'token-1' }])
  })

  it('takes a predicate that is no text', () => {
    const condition = { t: 'not-empty', att: 'dueDate' }
    expect(converted(push({ condition }))).toMatchObject([{ condition: { t: 'not' } }])
  })

  it('refuses Groovy with its text and its place, and takes all else', () => {
    const condition = "event.taskType == 'review' &&\n  customData.req.type != null"
    const { subscriptions, remarks } = readOldSubscribers([
      subscriber(push()),
      subscriber(push({ config: { clientRegToken: 'token-3' } }), push({ condition })),
    ])
    expect(remarks).toEqual([
      {
        of: 'refused',
        place: '[1].subscriptions[0].actions[1].condition',
        text: "Groovy is code and can't be imported: event.taskType == 'review' && customData.req.type != null",
      },
    ])
    const [only] = subscriptions
    expect(subscriptions).toHaveLength(1)
    expect(only?.actions.map(({ address }) => address)).toEqual(['token-1', 'token-3'])
  })

  it.each([
    [push({ type: 'CAMEL_DSL' }), '[0].subscriptions[0].actions[0]', 'only FIREBASE_NOTIFICATION'],
    [push({ config: {} }), '[0].subscriptions[0].actions[0]', 'address: '],
    [
      push({ condition: { t: 'like' } }),
      '[0].subscriptions[0].actions[0].condition',
      't: t is one of',
    ],
    [
      push({ config: { ...config, templateId: 7 } }),
      '[0].subscriptions[0].actions[0]',
      'config.templateId: ',
    ],
    [push({ condition: 'false' }), '[0].subscriptions[0].actions[0].condition', 'Groovy is code'],
    [{}, '[0].subscriptions[0].actions[0]', 'only FIREBASE_NOTIFICATION'],
  ])('refuses %j', (action, place, text) => {
    const { subscriptions, remarks } = readOldSubscribers([subscriber(action)])
    expect(subscriptions).toEqual([])
    expect(remarks).toEqual([{ of: 'refused', place, text: expect.stringContaining(text) }])
  })

  it.each([
    ['a subscriber without a tenant', { username: 'x', subscriptions: [] }, '[0]', 'tenantId'],
    ['a tenant that is none', { ...subscriber(), tenantId: '' }, '[0]', 'tenantId'],
    ['text', 'subscribers', '[0]', 'expected object'],
    [
      'a type that is none',
      { ...subscriber(), subscriptions: [{ eventType: 'task.done', actions: [] }] },
      '[0].subscriptions[0]',
      'eventType',
    ],
  ])('refuses %s', (_, file, place, text) => {
    const { remarks } = readOldSubscribers(file)
    expect(remarks).toEqual([{ of: 'refused', place, text: expect.stringContaining(text) }])
  })

  it('leaves out custom data that came from records, and says so', () => {
    const customData = [
      { variable: 'req', record: 'workspace://SpacesStore/1', attributes: { n: 'number' } },
    ]
    const { subscriptions, remarks } = readOldSubscribers([subscriber(push({ customData }))])
    expect(subscriptions[0]?.actions).toEqual([{ channel: 'push', address: 'token-1' }])
    expect(remarks).toEqual([
      {
        of: 'note',
        place: '[0].subscriptions[0].actions[0].customData',
        text: expect.stringContaining('left out'),
      },
    ])
    expect(readOldSubscribers([subscriber(push({ customData: [] }))]).remarks).toEqual([])
  })

  it('reads subscribers as the old service’s own API gives them', () => {
    const subscribes = [{ id: 5, eventType: 'task.create', actions: [push({ id: 7 })] }]
    expect(readOldSubscribers({ id: 'acme|ivanov', subscribes }).subscriptions).toEqual([
      {
        tenant: 'acme',
        username: 'ivanov',
        eventType: 'task.assign',
        actions: [{ channel: 'push', address: 'token-1' }],
      },
    ])
  })

  it('joins what one person has for a type, in one subscriber or in several', () => {
    const assigned = { eventType: 'task.assign', actions: [push()] }
    const created = {
      eventType: 'task.create',
      actions: [push({ config: { clientRegToken: 'token-2' } })],
    }
    const completed = { eventType: 'task.complete', actions: [push()] }
    const file = [
      { tenantId: 'acme', username: 'ivanov', subscriptions: [assigned, completed] },
      { tenantId: 'acme', username: ' IVANOV ', subscriptions: [created] },
      { tenantId: 'other', username: 'ivanov', subscriptions: [assigned] },
      { tenantId: 'acme', username: 'petrov', subscriptions: [{ ...assigned, actions: [] }] },
    ]
    const { subscriptions } = readOldSubscribers(file)
    expect(
      subscriptions.map(({ tenant, username, eventType, actions }) => [
        `${tenant} ${username} ${eventType}`,
        ...actions.map(({ address }) => address),
      ]),
    ).toEqual([
      ['acme ivanov task.assign', 'token-1', 'token-2'],
      ['acme ivanov task.complete', 'token-1'],
      ['other ivanov task.assign', 'token-1'],
    ])
  })

  it('takes a user name with a bar from the old service’s id, and no tenant from a wrong one', () => {
    const subscribes = [{ eventType: 'task.assign', actions: [push()] }]
    const { subscriptions } = readOldSubscribers([{ id: 'acme|a|b', subscribes }])
    expect(subscriptions).toMatchObject([{ tenant: 'acme', username: 'a|b' }])
    for (const [one, field] of [
      [{ id: 'acme', subscribes }, 'username'],
      [{ id: 7, subscribes }, 'tenantId'],
      [{ id: 'acme|ivanov' }, 'tenantId'],
      [{ id: '|ivanov', subscribes }, 'tenantId'],
      [null, 'expected object'],
    ] as const) {
      expect(readOldSubscribers([one]).remarks).toEqual([
        { of: 'refused', place: '[0]', text: expect.stringContaining(field) },
      ])
    }
    // One that has both is read by its own fields.
    const both = { ...subscriber(push()), id: 'other|petrov' }
    expect(readOldSubscribers(both).subscriptions).toMatchObject([{ username: 'ivanov' }])
  })

  it('takes what the old service leaves empty for nothing', () => {
    const config = {
      ...{ fireBaseClientRegToken: null, clientRegToken: 'token-1' },
      ...{ templateId: null, locale: '' },
    }
    const plain = { channel: 'push', address: 'token-1' }
    expect(converted(push({ config, condition: undefined, customData: null }))).toStrictEqual([
      plain,
    ])
    expect(converted(push({ config: { ...config, templateId: '' } }))).toStrictEqual([plain])
    expect(converted(push({ config: { ...config, templateId: 'short' } }))).toEqual([
      { ...plain, template: 'short' },
    ])
  })

  it('refuses what would be wrong data of a template, or a language that is none', () => {
    const texts = (more: object) =>
      readOldSubscribers([subscriber(push(more))]).remarks.map(({ of, text }) => `${of}: ${text}`)
    expect(texts({ customData: 'x' })).toEqual([expect.stringMatching(/^refused: customData: /)])
    expect(texts({ config: { ...config, locale: 'english' } })).toEqual([
      expect.stringMatching(/^refused: locale: is not a known language tag/),
    ])
  })
})
