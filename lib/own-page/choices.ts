import { type ChannelName, channelNames } from '../channels/channel.ts'
import { eventTypes } from '../events/catalogue.ts'
import { reminderType } from '../notifications/notification.ts'
import type { Preferences } from '../notifications/subscriptions/preferences.ts'
import { type Action, remindedType } from '../notifications/subscriptions/subscriptions.ts'
import { isNotifiedType, type NotifiedType, whyBlocked } from '../notifications/timing.ts'

/** An event type with the channels by which the person can be notified of it. */
export interface Choice {
  readonly eventType: NotifiedType
  readonly channels: readonly ChannelName[]
}

export interface TypeActions {
  readonly eventType: NotifiedType
  readonly actions: readonly Pick<Action, 'channel' | 'reminders' | 'next'>[]
}

/**
 * The types that a person is subscribed to, or that the tenant's rules tell them of; and the reminders of
 * tasks, where they have some.
 */
export function choicesOf(
  own: readonly TypeActions[],
  rules: readonly TypeActions[],
  /** Whether they have been reminded, as only the tenant's settings may ask for. */
  isReminded = false,
): readonly Choice[] {
  const actionsOf = (eventType: NotifiedType) => {
    const isOf = (one: TypeActions) => one.eventType === eventType
    return (own.find(isOf) ?? rules.find(isOf))?.actions ?? []
  }
  const reminds = ({ reminders = [] }: Pick<Action, 'reminders'>) =>
    isReminded || reminders.length > 0
  return ([...eventTypes, reminderType] as const).flatMap((eventType) => {
    const actions =
      eventType === reminderType ? actionsOf(remindedType).filter(reminds) : actionsOf(eventType)
    const used = new Set(
      actions.flatMap((one) => [one, ...(one.next ?? [])]).map((one) => one.channel),
    )
    const channels = channelNames.filter((name) => used.has(name))
    return channels.length > 0 ? [{ eventType, channels }] : []
  })
}

/** A place in the form: `<event type> <channel>`. */
export function placeOf(eventType: NotifiedType, channel: ChannelName): string {
  return `${eventType} ${channel}`
}

/** The places that the preferences allow. */
export function allowedPlaces(
  choices: readonly Choice[],
  preferences: Pick<Preferences, 'channels'>,
): string[] {
  return choices.flatMap(({ eventType, channels }) =>
    channels
      .filter((channel) => whyBlocked(preferences, eventType, channel) === undefined)
      .map((channel) => placeOf(eventType, channel)),
  )
}

/**
 * The preferences' channels once the person has chosen these places. A type whose choices stay as they were
 * keeps its entry, and so do channels that were not offered.
 */
export function channelsAfter(
  choices: readonly Choice[],
  chosen: ReadonlySet<string>,
  before: Pick<Preferences, 'channels'>,
): NonNullable<Preferences['channels']> {
  const was = new Set(allowedPlaces(choices, before))
  const changed = choices.filter(({ eventType, channels }) =>
    channels.some((channel) => {
      const place = placeOf(eventType, channel)
      return was.has(place) !== chosen.has(place)
    }),
  )
  const entries = changed.map(({ eventType, channels }) => {
    const isAllowed = (channel: ChannelName) =>
      channels.includes(channel)
        ? chosen.has(placeOf(eventType, channel))
        : whyBlocked(before, eventType, channel) === undefined
    return [eventType, channelNames.filter(isAllowed)] as const
  })
  const { 'task.create': ofNewTasks, ...rest } = {
    ...before.channels,
    ...Object.fromEntries(entries),
  }
  // New tasks follow assignments again once the person has changed these: the page shows both as one.
  const isKept = ofNewTasks && !changed.some(({ eventType }) => eventType === 'task.assign')
  return { ...rest, ...(isKept && { 'task.create': ofNewTasks }) }
}

/** The preferences' channels without mails of one type; of a type that nobody can subscribe to, without any. */
export function withoutMail(
  eventType: string,
  { channels = {} }: Pick<Preferences, 'channels'>,
): NonNullable<Preferences['channels']> {
  const withoutEmail = (some: readonly ChannelName[]) => some.filter((name) => name !== 'email')
  const everyType = channels['*'] ?? channelNames
  if (!isNotifiedType(eventType)) {
    const entries = Object.entries({ '*': everyType, ...channels })
    return Object.fromEntries(entries.map(([type, some]) => [type, withoutEmail(some)]))
  }
  const also = eventType === 'task.create' || eventType === 'task.assign'
  const types = also ? (['task.create', 'task.assign'] as const) : [eventType]
  const entries = types.map((type) => {
    const ofTasks = also || type === reminderType ? channels[remindedType] : undefined
    const now = channels[type] ?? ofTasks ?? everyType
    return [type, withoutEmail(now)]
  })
  return { ...channels, ...Object.fromEntries(entries) }
}
