import { randomUUID } from 'node:crypto'
import type { ChannelName } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import type { EventType } from '../events/catalogue.ts'
import type { QueueMessage } from './dispatch.ts'
import { encodeQueued, type Notification, notificationId, testType } from './notification.ts'
import type { Person } from './person.ts'
import { addressOf } from './plan.ts'
import type { NotificationStore } from './store.ts'
import type { SubscriptionStore } from './subscriptions/subscriptions.ts'
import type { Render } from './templates/render.ts'

export interface SendTestPorts {
  readonly subscriptions: Pick<SubscriptionStore, 'find'>
  findPerson(tenant: string, username: string): Promise<Person | undefined>
  readonly notifications: Pick<NotificationStore, 'add'>
  enqueue(channel: ChannelName, messages: readonly QueueMessage[]): Promise<void>
  readonly render: Render
  now(): Date
}

export interface TestMessage {
  readonly tenant: string
  /** In lower case. */
  readonly username: string
  readonly channel: ChannelName
  /** The type whose subscription, or rule, gives the address. */
  readonly eventType: EventType
  readonly tenantLocale?: string | undefined
}

/**
 * Sends one message to a person, in words that say that it is a test, by the way of every notification. The
 * person's preferences do not hold it.
 *
 * @throws EcosError `no-address`, `invalid-address`
 */
export async function sendTest(test: TestMessage, ports: SendTestPorts): Promise<Notification> {
  const { tenant, username, channel, tenantLocale } = test
  const { address, locale, timeZone } = await placeOf(test, ports)
  const parts = { tenant, eventType: testType, eventId: randomUUID(), username, channel, address }
  const notification = { ...parts, notificationId: notificationId(parts) }
  const reader = { tenant, channel, locale, timeZone, tenantLocale, customData: {} }
  const content = ports.render({ type: testType }, {}, reader)
  await ports.notifications.add(notification, { state: 'WAIT_FOR_DISPATCH' })
  const { username: _, ...queued } = notification
  const queuedAt = ports.now().toISOString()
  const body = encodeQueued({ ...queued, ...content, customData: {}, queuedAt, resend: 0 })
  await ports.enqueue(channel, [{ body, group: tenant }])
  return notification
}

interface Place {
  readonly address: string
  readonly locale?: string | undefined
  readonly timeZone?: string | undefined
}

/** The address by which events of the type reach the person, or else the person's own. */
async function placeOf(
  { tenant, username, channel, eventType }: TestMessage,
  { subscriptions, findPerson }: SendTestPorts,
): Promise<Place> {
  const [subscriber] = await subscriptions.find(tenant, [username], eventType)
  const action = subscriber?.actions.find((one) => one.channel === channel && !one.off)
  const person = subscriber?.person ?? (await findPerson(tenant, username))
  const { preferences } = subscriber ?? {}
  const address = subscriber && action ? addressOf(subscriber, action) : ownAddress(person, channel)
  if (address === undefined) {
    throw new EcosError(
      'no-address',
      `${username} of ${tenant} has no ${channel} address for ${eventType}: add one with "subscriptions add"`,
    )
  }
  return {
    address,
    locale: action?.locale ?? preferences?.locale ?? person?.locale,
    timeZone: preferences?.timeZone ?? person?.timeZone,
  }
}

function ownAddress(person: Person | undefined, channel: ChannelName): string | undefined {
  switch (channel) {
    case 'email':
      return person?.email
    case 'sms':
      return person?.phone
    case 'telegram':
      return person?.telegram
    default:
      return undefined
  }
}
