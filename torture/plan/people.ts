/** The tenants of the cell that the rig deploys, and the people whom their events name. */
export const cell = 'torture'
export const tenantsFile = 'torture/world/tenants.yml'

export const tenants = ['alder', 'birch', 'cedar', 'Dub и ель'] as const

/** The tenant that moves, and that leaves and comes back. */
export const leaver = 'birch'

/** The types that each tenant has turned on. */
export const types = [
  'task.create',
  'task.assign',
  'task.complete',
  'comment.added',
  'record-status-changed',
] as const

/** What the tenant that speaks events 2.0 gets over them. */
export const events2 = {
  tenant: 'cedar',
  target: 'torture-rig',
  exchange: 'ecos-events',
  type: 'record-changed',
} as const

export type Type = (typeof types)[number] | typeof events2.type

export type Channel = 'email' | 'webhook' | 'telegram' | 'push' | 'sms'

/** Where a person is told. */
export interface Address {
  readonly channel: Channel
  readonly address: string
}

/**
 * People by name, with their channels. `nobody` has no subscription, `astray` a wrong time zone, `mover` a mailbox
 * that does not exist any more.
 */
const channels: Readonly<Record<string, readonly Channel[]>> = {
  mailer: ['email'],
  hooker: ['webhook'],
  both: ['email', 'webhook'],
  chatter: ['telegram'],
  pusher: ['push'],
  texter: ['sms'],
  astray: ['email'],
  mover: ['email', 'webhook'],
  nobody: [],
}
export const people = Object.keys(channels)

/** More than an event tells at once: it is told in parts. */
export const crowd = Array.from({ length: 105 }, (_, number) => `crowd-${number}`)

/** Preferences that nobody can follow: this person is told nothing, and nobody else notices. */
export const astray = {
  username: 'astray',
  preferences: { timeZone: 'Mars/Base', quietHours: { from: '22:00', to: '06:00' } },
} as const

/** Whether the mail server knows no such mailbox. The person's other channels go on. */
export function isGone({ channel, address }: Address): boolean {
  return channel === 'email' && address.startsWith('mover@')
}

/** Who is subscribed to the types that name no recipients. */
export const subscribers: Readonly<Partial<Record<Type, string>>> = {
  'comment.added': 'mailer',
  'record-status-changed': 'hooker',
  'record-changed': 'hooker',
}

/** @param webhookUrl the rig's receiver */
export function addressesOf(tenant: string, person: string, webhookUrl: string): Address[] {
  const place = tenants.indexOf(tenant as (typeof tenants)[number])
  const number = 1000 + place * 100 + people.indexOf(person)
  const addresses: Record<Channel, string> = {
    email: `${person}@tenant-${place}.example`,
    webhook: `${webhookUrl}/tenant-${place}/${person}`,
    telegram: String(number),
    push: `token-${place}-${person}`,
    sms: `+7999000${number}`,
  }
  return (crowd.includes(person) ? (['webhook'] as const) : (channels[person] ?? [])).map(
    (channel) => ({ channel, address: addresses[channel] }),
  )
}
