import type { Person } from '../person.ts'
import type { Preferences } from './preferences.ts'
import type { BrokenAction, GonePlaces, Subscription, TenantRule } from './subscriptions.ts'

/** A stored subscription, tenant rule, person or person's preferences. `misfit`: stored, but not valid. */
export type SubscriptionEntry =
  | {
      readonly of: 'subscription'
      readonly subscription: Subscription | TenantRule
      /** Its stored actions that do not fit. */
      readonly broken?: readonly BrokenAction[]
    }
  | { readonly of: 'preferences'; readonly username: string; readonly preferences: Preferences }
  | {
      readonly of: 'person'
      readonly username: string
      readonly person: Person
      /** Addresses that the tenant's rules become for them, and that are switched off. */
      readonly gone?: GonePlaces
    }
  | { readonly of: 'misfit'; readonly username?: string; readonly eventType: string }
