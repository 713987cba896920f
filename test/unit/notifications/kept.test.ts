import { describe, expect, it } from '@jest/globals'
import { EcosError } from '../../../lib/errors.ts'
import { keptFolderOf, keptFoldersOf, keptIn } from '../../../lib/notifications/kept.ts'
import { keptEventsIn } from '../../../lib/notifications/kept-events.ts'
import { queued } from './in-memory.ts'

/** A bucket `b` with its objects by key. */
function bucket() {
  const objects = new Map<string, string>()
  return {
    objects,
    save: async (key: string, body: string | Uint8Array) => {
      objects.set(key, String(body))
      return `s3://b/${key}`
    },
    load: async (reference: string) => {
      const body = objects.get(reference.replace('s3://b/', ''))
      if (body === undefined) throw new EcosError('payload-not-found', 'is gone')
      return body
    },
    remove: async (key: string) => void objects.delete(key),
  }
}

describe('the content of a notification', () => {
  it('is kept in the folder of its tenant, by its id, until it is deleted', async () => {
    const store = bucket()
    const kept = keptIn(store, 's3://b/')
    await kept.keep({ ...queued, tenant: 'a b', countedSince: queued.queuedAt })
    const key = `notifications/kept/_a_20b/${queued.notificationId}.json`
    expect([...store.objects.keys()]).toEqual([key])
    // When its tries are counted from is the message's own.
    expect(await kept.load({ ...queued, tenant: 'a b' })).toEqual({ ...queued, tenant: 'a b' })
    await expect(kept.load({ ...queued, tenant: 'other' })).rejects.toMatchObject({
      code: 'payload-not-found',
    })
    await kept.forget({ ...queued, tenant: 'a b' })
    await kept.forget({ ...queued, tenant: 'a b' })
    expect(store.objects.size).toBe(0)
  })

  it('of a reminder is kept in the folder that lasts for as long as reminders wait', async () => {
    const store = bucket()
    const kept = keptIn(store, 's3://b/')
    const reminder = { ...queued, eventType: 'task.reminder' }
    await kept.keep(reminder)
    await kept.keep(queued)
    const folder = (name: string) => `notifications/${name}/acme/${queued.notificationId}.json`
    expect([...store.objects.keys()]).toEqual([folder('reminders'), folder('kept')])
    expect(await kept.load(reminder)).toEqual(reminder)
    await kept.forget(reminder)
    expect([...store.objects.keys()]).toEqual([folder('kept')])
  })

  it('is in one of two folders of its tenant', () => {
    expect(keptFoldersOf('a b')).toEqual([
      ...['notifications/kept/_a_20b/', 'notifications/reminders/_a_20b/'],
    ])
    expect(keptFolderOf('a b')).toBe('notifications/kept/_a_20b/')
  })
})

describe('an event of which some could not be told', () => {
  const event = { tenant: 'acme', eventType: 'task.assign', eventId: 'e1', data: { sum: 1 } }

  it('is kept for itself and for each replay that tells everybody', async () => {
    const store = bucket()
    const kept = keptEventsIn(store, 's3://b/')
    await kept.keep(event)
    await kept.keep({ ...event, again: 'again-1' })
    await kept.keep({ ...event, eventId: 'e2' })
    expect(store.objects.size).toBe(3)
    for (const key of store.objects.keys()) {
      expect(key).toMatch(/^notifications\/kept\/acme\/event-[0-9a-f]{64}\.json$/)
    }
    expect(await kept.load(event)).toEqual(event)
    expect(await kept.load({ ...event, again: 'again-1' })).toMatchObject({ again: 'again-1' })
  })

  it('is none where it was never kept, and fails where it can not be read', async () => {
    const store = bucket()
    const kept = keptEventsIn(store, 's3://b/')
    expect(await kept.load(event)).toBeUndefined()
    for (const error of [
      new Error('S3 is down'),
      Object.assign(new Error('x'), { code: 'payload-not-found' }),
      new EcosError('aws-unreachable', 'x'),
    ]) {
      const load = () => Promise.reject(error)
      await expect(keptEventsIn({ ...store, load }, 's3://b/').load(event)).rejects.toBe(error)
    }
  })
})
