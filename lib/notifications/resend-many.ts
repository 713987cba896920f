import type { ChannelName } from '../channels/channel.ts'
import { EcosError } from '../errors.ts'
import { pause } from '../waiting.ts'
import type { NotificationState } from './notification.ts'
import { type ResendPorts, resend } from './resend.ts'
import type { NotificationKey, NotificationRecord } from './store.ts'

/** Which notifications of a tenant are resent. */
export interface ResendSelection {
  readonly state: NotificationState
  readonly channel?: ChannelName | undefined
  /** Of creation: from this time on, and before that time. */
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

/** A notification as a list shows it. */
export type Candidate = NotificationKey & {
  readonly createdAt: string
  readonly channel?: string | undefined
}

export interface ResendManyPorts extends ResendPorts {
  /** The tenant's notifications in the state, the latest first, in pages; only those before the time. */
  pages(state: NotificationState, before: Date | undefined): AsyncIterable<readonly Candidate[]>
  find(key: NotificationKey): Promise<NotificationRecord | undefined>
  now(): Date
}

export interface ResendBounds {
  /** Notifications at most. */
  readonly limit: number
  readonly perSecond: number
  readonly signal: AbortSignal
  onProgress?(done: number): void
}

/** The selected notifications, by channel. */
export interface Selected {
  readonly channels: Readonly<Record<string, number>>
  /** Whether there are more than the limit. */
  readonly more: boolean
}

export interface Resent extends Selected {
  /** Those that were not resent, with the reason. */
  readonly left: readonly { readonly notificationId: string; readonly reason: string }[]
}

/** Counts what `resendMany` would resend. */
export async function countSelected(
  selection: ResendSelection,
  ports: Pick<ResendManyPorts, 'pages'>,
  { limit, signal }: Pick<ResendBounds, 'limit' | 'signal'>,
): Promise<Selected> {
  const channels: Record<string, number> = {}
  let count = 0
  for await (const page of pagesOf(selection, ports)) {
    for (const { channel = '-' } of page) {
      if (count >= limit) return { channels, more: true }
      channels[channel] = (channels[channel] ?? 0) + 1
      count += 1
    }
    if (signal.aborted) return { channels, more: true }
  }
  return { channels, more: false }
}

/** Notifications resent concurrently. */
const concurrency = 10

/**
 * Sends the selected notifications again. May be interrupted and repeated at any point: one that was resent
 * is no longer in its state, and is delivered once.
 */
export async function resendMany(
  selection: ResendSelection,
  ports: ResendManyPorts,
  { limit, perSecond, signal, onProgress }: ResendBounds,
): Promise<Resent> {
  const channels: Record<string, number> = {}
  const left: { notificationId: string; reason: string }[] = []
  let count = 0
  for await (const page of pagesOf(selection, ports)) {
    for (let at = 0; at < page.length; ) {
      if (signal.aborted || count >= limit) return { channels, left, more: true }
      const some = page.slice(at, at + Math.min(concurrency, limit - count))
      at += some.length
      const outcomes = await Promise.all(some.map((one) => resendOne(one, selection, ports)))
      for (const [place, reason] of outcomes.entries()) {
        const { notificationId = '', channel = '-' } = some[place] ?? {}
        if (reason === undefined) {
          channels[channel] = (channels[channel] ?? 0) + 1
          count += 1
        } else left.push({ notificationId, reason })
      }
      onProgress?.(count)
      await pause((1000 * some.length) / perSecond, signal)
    }
  }
  return { channels, left, more: false }
}

async function* pagesOf(
  { state, channel, from, to }: ResendSelection,
  { pages }: Pick<ResendManyPorts, 'pages'>,
): AsyncGenerator<readonly Candidate[]> {
  for await (const page of pages(state, to)) {
    const inTime = page.filter(({ createdAt }) => !from || new Date(createdAt) >= from)
    yield inTime.filter((one) => channel === undefined || one.channel === channel)
    if (inTime.length < page.length) return
  }
}

/**
 * @returns why the notification is not resent; undefined if it is
 * @throws any failure that is not the notification's own
 */
async function resendOne(
  key: Candidate,
  { state }: ResendSelection,
  ports: ResendManyPorts,
): Promise<string | undefined> {
  const record = await ports.find(key)
  if (record?.state !== state) return 'its state has changed meanwhile'
  try {
    await resend(record, ports.now(), ports)
    return undefined
  } catch (error) {
    if (!(error instanceof EcosError) || error.code !== 'not-resendable') throw error
    return error.message
  }
}
