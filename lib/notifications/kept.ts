import type { RemovingPayloadStore } from '../events/payload-store.ts'
import { escapeTenant } from '../tenant-name.ts'
import { encodeQueued, parseQueued, type QueuedNotification, reminderType } from './notification.ts'
import type { NotificationKey } from './store.ts'

/** The whole content of notifications that are held or were not delivered, to be sent later. */
export interface KeptNotifications {
  keep(queued: QueuedNotification): Promise<void>
  /** @throws EcosError `payload-not-found` if it was never kept or has expired */
  load(notification: NotificationKey): Promise<QueuedNotification>
  /** Deletes it. May be repeated. */
  forget(notification: NotificationKey): Promise<void>
}

/** The folders in the store, by how long their contents are kept (serverless.yml). */
const folders = { kept: 'notifications/kept/', reminders: 'notifications/reminders/' } as const

/** The folders of a tenant's kept notifications. */
export function keptFoldersOf(tenant: string): readonly string[] {
  return Object.values(folders).map((folder) => inTenant(folder, tenant))
}

/** The folder of a tenant's notifications and events that failed. */
export function keptFolderOf(tenant: string): string {
  return inTenant(folders.kept, tenant)
}

function inTenant(folder: string, tenant: string): string {
  return `${folder}${escapeTenant(tenant)}/`
}

/** @param prefix of the store's references: `s3://<bucket>/` */
export function keptIn(payloads: RemovingPayloadStore, prefix: string): KeptNotifications {
  return {
    async keep({ countedSince: _, ...content }) {
      await payloads.save(keyOf(content), encodeQueued(content))
    },
    async load(notification) {
      return parseQueued(await payloads.load(prefix + keyOf(notification)))
    },
    async forget(notification) {
      await payloads.remove(keyOf(notification))
    },
  }
}

function keyOf({ tenant, eventType, notificationId }: NotificationKey): string {
  const folder = eventType === reminderType ? folders.reminders : folders.kept
  return `${inTenant(folder, tenant)}${notificationId}.json`
}
