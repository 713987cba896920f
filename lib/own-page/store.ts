import type { Person } from '../notifications/person.ts'
import type { Preferences } from '../notifications/subscriptions/preferences.ts'
import type { Subscription, TenantRule } from '../notifications/subscriptions/subscriptions.ts'

/** All that the page of a person reads. */
export interface OwnSettings {
  /** Undefined if there are none, or none that can be followed. */
  readonly preferences: Preferences | undefined
  /** The preferences as they are stored, for `save`. */
  readonly stored: unknown
  /** What is known of the person by `people`. */
  readonly person?: Pick<Person, 'timeZone' | 'locale'> | undefined
  readonly subscriptions: readonly Subscription[]
  readonly rules: readonly TenantRule[]
  /** Epoch seconds: links that were issued before are revoked. */
  readonly revokedAt?: number
}

export interface OwnSettingsStore {
  read(tenant: string, username: string): Promise<OwnSettings>
  /** @returns whether the stored preferences were still those; otherwise nothing was written */
  save(
    tenant: string,
    username: string,
    preferences: Preferences,
    stored: unknown,
  ): Promise<boolean>
}
