import type { ChannelName } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { cancelOne } from '../notifications/cancel-one.ts'
import type { Notification } from '../notifications/notification.ts'
import { type ResendOutcome, type ResendPorts, resend } from '../notifications/resend.ts'
import type { TestMessage } from '../notifications/send-test.ts'
import type { NotificationRecord, NotificationStore } from '../notifications/store.ts'
import type { Place, SubscriptionSwitch } from '../notifications/subscriptions/switch-off.ts'
import { type Audit, audited, type Deed } from './audit.ts'

/** What an operator does to a notification, or to an address of a person. Each is on record (audit.ts). */
export interface Repairs {
  /** @throws EcosError `not-resendable` */
  resend(record: NotificationRecord): Promise<ResendOutcome>
  /** @throws EcosError `not-cancellable` */
  cancel(record: NotificationRecord): Promise<void>
  /** @throws EcosError `no-address`, `invalid-address` */
  sendTest(test: TestOrder): Promise<Notification>
  /** Stops all notifications to an address of a person. */
  switchOff(place: Switchable): Promise<void>
  /** @throws EcosError `not-switched-off` */
  switchOn(place: Switchable): Promise<void>
}

/** The language is the tenant's entry's where nothing else says one. */
export type TestOrder = Omit<TestMessage, 'tenantLocale'>

export type Switchable = Place & { readonly channel: ChannelName }

export interface RepairPorts {
  readonly resend: ResendPorts
  readonly notifications: Pick<NotificationStore, 'change' | 'find'>
  sendTest(test: TestOrder): Promise<Notification>
  readonly addresses: SubscriptionSwitch & {
    /** @returns in how many subscriptions and rules the address was switched off */
    switchOn(place: Place): Promise<number>
  }
}

/** The reason of an address that an operator has switched off. */
const byOperator = 'by an operator'

/** The repairs of the commands and of the console. */
export function createRepairs(
  { resend: resendPorts, notifications, sendTest, addresses }: RepairPorts,
  audit: Audit,
): Repairs {
  return {
    resend: (record) =>
      audited(
        audit,
        deedOf('notification.resend', record),
        () => resend(record, new Date(), resendPorts),
        (result) => ({ result }),
      ),

    cancel: (record) =>
      audited(audit, deedOf('notification.cancel', record), () => cancelOne(record, notifications)),

    sendTest(test) {
      const { tenant, username, channel, eventType } = test
      const deed: Deed = { action: 'notification.test', tenant, username, channel, eventType }
      return audited(audit, deed, () => sendTest(test))
    },

    switchOff: (place) =>
      audited(audit, deedAt('address.switch-off', place), () =>
        addresses.switchOff(place, byOperator),
      ),

    switchOn: (place) =>
      audited(audit, deedAt('address.switch-on', place), async () => {
        if ((await addresses.switchOn(place)) > 0) return
        const problem = `No subscription of ${place.username} has this address switched off`
        throw new EcosError('not-switched-off', problem)
      }),
  }
}

function deedOf(action: Deed['action'], record: NotificationRecord): Deed {
  const { tenant, username, channel, eventType, eventId, notificationId } = record
  return { action, tenant, username, channel, eventType, eventId, notificationId }
}

/** Without the address, which the subscription has. */
function deedAt(action: Deed['action'], { tenant, username, channel }: Place): Deed {
  return { action, tenant, username, channel }
}
