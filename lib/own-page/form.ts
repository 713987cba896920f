import { createHash } from 'node:crypto'
import type { ChannelName } from '../channels/channel.ts'
import { newPreferences, type Preferences } from '../notifications/subscriptions/preferences.ts'
import { allowedPlaces, type Choice, channelsAfter } from './choices.ts'

/** The fields of the page, as texts. */
export interface FormValues {
  readonly places: ReadonlySet<string>
  readonly quietFrom: string
  readonly quietTo: string
  readonly digestAt: string
  readonly digestChannels: ReadonlySet<string>
  readonly timeZone: string
  /** Empty: the tenant's. */
  readonly locale: string
}

/** Which field can't be taken as it is. */
export type FormFault = 'quietHours' | 'digest' | 'timeZone' | 'other'

/** @param zone the clock of a person who has chosen none */
export function formOf(
  choices: readonly Choice[],
  preferences: Preferences | undefined,
  zone: string,
): FormValues {
  const { quietHours, digest, timeZone = zone, locale = '' } = preferences ?? {}
  return {
    places: new Set(allowedPlaces(choices, preferences ?? {})),
    quietFrom: quietHours?.from ?? '',
    quietTo: quietHours?.to ?? '',
    digestAt: digest?.at ?? '',
    digestChannels: new Set(digest?.channels ?? ['email']),
    timeZone,
    locale,
  }
}

/** A posted form, `application/x-www-form-urlencoded`. */
export function formIn(posted: URLSearchParams): FormValues {
  const text = (name: string) => posted.get(name)?.trim() ?? ''
  return {
    places: new Set(posted.getAll('place')),
    quietFrom: text('quietFrom'),
    quietTo: text('quietTo'),
    digestAt: text('digestAt'),
    digestChannels: new Set(posted.getAll('digestChannel')),
    timeZone: text('timeZone'),
    locale: text('locale'),
  }
}

/** The preferences that a form asks for; what the page does not show stays as it is. */
export function preferencesFrom(
  form: FormValues,
  choices: readonly Choice[],
  before: Preferences | undefined,
): { readonly preferences: Preferences } | { readonly faults: readonly FormFault[] } {
  const { quietHours: _, digest: __, locale: ___, ...kept } = before ?? {}
  const hasQuietHours = form.quietFrom !== '' || form.quietTo !== ''
  const channels = channelsAfter(choices, form.places, before ?? {})
  const digestChannels = digestChannelsAfter(form, choices, before)
  const parsed = newPreferences.safeParse({
    ...kept,
    timeZone: form.timeZone,
    ...(form.locale !== '' && { locale: form.locale }),
    channels,
    ...(hasQuietHours && { quietHours: { from: form.quietFrom, to: form.quietTo } }),
    ...(form.digestAt !== '' &&
      digestChannels.length > 0 && { digest: { at: form.digestAt, channels: digestChannels } }),
  })
  if (parsed.success) return { preferences: parsed.data }
  const faults = parsed.error.issues.map(({ path: [field] }) =>
    field === 'quietHours' || field === 'digest' || field === 'timeZone' ? field : 'other',
  )
  return { faults: [...new Set(faults)] }
}

/** The chosen channels, and those of the digest that the page did not offer. */
function digestChannelsAfter(
  { digestChannels }: FormValues,
  choices: readonly Choice[],
  before: Preferences | undefined,
): ChannelName[] {
  const offered = new Set(choices.flatMap(({ channels }) => channels))
  const kept = before?.digest?.channels.filter((channel) => !offered.has(channel)) ?? []
  return [...new Set([...kept, ...([...digestChannels] as ChannelName[])])]
}

/** Names the settings that a form was made from: a form that is sent again, or late, is told by it. */
export function versionOf(stored: unknown): string {
  const text = JSON.stringify(stored ?? null, (_, value: unknown) => sortedKeys(value))
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

function sortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
