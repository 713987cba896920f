import * as z from 'zod'
import { channelNames } from '../../channels/channel.ts'
import { type EventType, eventTypes } from '../../events/catalogue.ts'
import { predicate } from '../../events/predicate.ts'
import { late } from '../../late.ts'
import { reminders } from '../../tenants/reminders.ts'
import type { NotificationChannel } from '../notification.ts'
import type { Person } from '../person.ts'
import type { Names } from '../templates/message-parts.ts'
import type { Preferences } from './preferences.ts'
import { isRuleAddress } from './rule-address.ts'

/** The name of a template variable. Those of every object, such as `constructor`, are no variables of a template. */
export const customDataName = late(() =>
  z.string().refine((name) => /^[A-Za-z_]\w{0,63}$/.test(name) && !(name in Object.prototype), {
    error:
      'must be a name of letters, digits and underscores, and not one of JavaScript such as constructor',
  }),
)

/** Template variables, each with a dotted path in the event's data. */
const customData = late(() =>
  z
    .unknown()
    // A record leaves it out without a word.
    .refine((value) => !Object.hasOwn(Object(value), '__proto__'), {
      path: ['__proto__'],
      error: 'must be a name of letters, digits and underscores, and not __proto__',
    })
    .pipe(z.record(customDataName, z.string().min(1).max(256))),
)

/** Why and when a provider reported that an address no longer exists. */
export const switchedOffAt = late(() => z.object({ reason: z.string(), at: z.string() }))
export type SwitchedOff = Readonly<z.infer<typeof switchedOffAt>>

const place = late(() => ({
  channel: z.enum(channelNames),
  /** Where the channel delivers to: for e-mail, the mail address. */
  address: z.string().trim().min(1).max(2048),
  /** Set once the provider reports that the address no longer exists. */
  off: switchedOffAt.optional(),
}))

/** Minutes that the next place waits for the one before, by default and at most. */
export const defaultAfterMinutes = 10
const longestAfterMinutes = 24 * 60

/** Where to send what the place before has not delivered. */
const nextPlace = late(() =>
  z.object({
    ...place,
    afterMinutes: z.number().int().min(1).max(longestAfterMinutes).optional(),
  }),
)
export type NextPlace = z.infer<typeof nextPlace>

/** Places that are tried after the action's own, at most. */
export const maxNext = 3

/** One way to notify a person. */
export const action = late(() =>
  z.object({
    ...place,
    /** Where to send next what was not delivered, one after another. */
    next: z.array(nextPlace).max(maxNext).optional(),
    /** BCP 47. By default the person's, then the tenant's. */
    locale: z.string().optional(),
    /** A template's name. By default the event type's own template. */
    template: z.string().min(1).max(100).optional(),
    /** Selects events. Without it, every event of the type matches. */
    condition: predicate.optional(),
    /** Values for the template, beside the event. */
    customData: customData.optional(),
    /** When to remind of a task. By default as the tenant's entry in tenants.yml says; `[]` for never. */
    reminders: reminders.optional(),
  }),
)
export type Action = z.infer<typeof action>

/** The action's own place and those that are tried after it. */
export function placesOf(action: Action): readonly NextPlace[] {
  const { channel, address, off, next = [] } = action
  return [{ channel, address, ...(off && { off }) }, ...next]
}

/** A stored action that does not fit the schema: its notifications fail with this reason. */
export interface BrokenAction {
  /** `unknown` if it can't be read. */
  readonly channel: NotificationChannel
  /** The action's place in the list if its address can't be read. */
  readonly address: string
  readonly fault: string
}

/** Actions of one subscription at most. */
export const maxActions = 100

const actions = late(() => z.array(action).max(maxActions))

/** One person's actions for one event type. */
export const subscription = late(() =>
  z.object({
    tenant: z.string().min(1),
    /** In lower case. */
    username: z.string().min(1).toLowerCase(),
    eventType: z.enum(eventTypes).transform(subscribedType),
    actions,
  }),
)
export type Subscription = z.infer<typeof subscription>

/**
 * A tenant's actions for the people who have no subscription to the event type. Its addresses are
 * Liquid over `username` and the person's addresses: `{{ username }}@acme.example`, `{{ email }}`.
 */
export const tenantRule = late(() =>
  subscription.omit({ username: true }).extend({
    actions: actions.refine(
      (all) => all.flatMap(placesOf).every(({ address }) => isRuleAddress(address)),
      {
        error:
          'a rule’s address may use {{ username }}, {{ email }}, {{ phone }} and {{ telegram }}, and no other variable',
      },
    ),
  }),
)
export type TenantRule = z.infer<typeof tenantRule>

/** Places that are switched off for one person, by `placeName`. */
export type GonePlaces = Readonly<Record<string, SwitchedOff>>

/** A recipient with their actions and preferences. */
export interface Subscriber {
  /** In lower case. */
  readonly username: string
  /** Their own, or those of the tenant's rule. */
  readonly actions: readonly Action[]
  /** Stored actions that do not fit the schema. */
  readonly broken?: readonly BrokenAction[]
  /** Whether the actions are the rule's: their addresses are Liquid over `username`. */
  readonly byRule?: boolean
  /** Addresses that the rule's become for them, and that are gone, by `placeName`. */
  readonly gone?: GonePlaces
  readonly preferences?: Preferences
  /** What is known of them beside; the preferences decide first. */
  readonly person?: Person
  /** Why the stored preferences can't be followed, if they can't: nothing is sent against a person's wishes. */
  readonly preferencesFault?: string
}

/**
 * User names after one and up to another: a name that is added or removed meanwhile moves no other into
 * or out of the range.
 */
export interface Range {
  /** Exclusive; undefined: from the first. */
  readonly after?: string | undefined
  /** Inclusive; undefined: up to the last. */
  readonly upTo?: string | undefined
}

export interface Page {
  /** In the order of their names. */
  readonly subscribers: readonly Subscriber[]
  /** The number of people, with those who have no actions. */
  readonly recipients: number
  /** The name after which the rest of the range begins; undefined if this is all of it. */
  readonly next?: string
}

export interface SubscriptionStore {
  /** @param usernames distinct, in lower case @returns those of them who have actions */
  find(tenant: string, usernames: readonly string[], eventType: EventType): Promise<Subscriber[]>
  /** People subscribed to the type, for events that name nobody. Reads an index, which lags by moments. */
  subscribersOf(tenant: string, eventType: EventType, range: Range, limit: number): Promise<Page>
  /** @param usernames in lower case @returns the display names of those who are known, by user name */
  displayNames(tenant: string, usernames: readonly string[]): Promise<Names>
  /** The names of everyone subscribed to the type, sorted as ranges are. Reads the same index. */
  namesOf(tenant: string, eventType: EventType): Promise<string[]>
}

/** ECOS has one subscription for a new task, whether it comes to a pool or to one person. */
export function subscribedType(type: EventType): EventType {
  return type === 'task.create' ? 'task.assign' : type
}

/** The type whose subscriptions say when to remind of a task, and where. */
export const remindedType = 'task.assign' satisfies EventType
