import type { PayloadStore } from '../events/payload-store.ts'
import { escapeTenant } from '../tenant-name.ts'
import { encodeQueued, parseQueued, type QueuedNotification } from './notification.ts'
import type { NotificationKey } from './store.ts'

/** The whole content of notifications that are held or were not delivered, to be sent later. */
export interface KeptNotifications {
  keep(queued: QueuedNotification): Promise<void>
  /** @throws EcosError `payload-not-found` if it was never kept or has expired */
  load(notification: NotificationKey): Promise<QueuedNotification>
}

/** The folder of kept notifications in the store. */
const keptFolder = 'notifications/'

/** The folder of a tenant's kept notifications. */
export function keptFolderOf(tenant: string): string {
  return `${keptFolder}${escapeTenant(tenant)}/`
}

/** @param prefix of the store's references: `s3://<bucket>/` */
export function keptIn(payloads: PayloadStore, prefix: string): KeptNotifications {
  return {
    async keep({ countedSince: _, ...content }) {
      await payloads.save(keyOf(content), encodeQueued(content))
    },
    async load(notification) {
      return parseQueued(await payloads.load(prefix + keyOf(notification)))
    },
  }
}

function keyOf({ tenant, notificationId }: NotificationKey): string {
  return `${keptFolderOf(tenant)}${notificationId}.json`
}
