import type { CheckedAddress } from './checked.ts'
import { endpointUrl } from './endpoint-url.ts'

/** The name of a person or a room, in any script. */
const roomShape = /^[@#]?(?<name>[\p{L}\p{N}][\p{L}\p{N}\p{M}._-]{0,79})$/u

/** Where a chat message goes: a webhook, and the room to use instead of the webhook's own. */
export interface ChatTarget {
  readonly webhook: URL
  /** `@name` of a person or `#name` of a room, as Mattermost and Rocket.Chat take it. */
  readonly room?: string
}

/**
 * A Slack-compatible incoming webhook. Its fragment may name a person (`#@ivanov`) or a room (`#contracts`),
 * so that one webhook of Mattermost or Rocket.Chat serves everybody.
 */
export function chatUrl(text: string, allowPrivate: boolean): CheckedAddress {
  const url = endpointUrl(text, allowPrivate)
  if (!(url instanceof URL)) return url
  if (url.hash === '') return { address: url.href.replace(/#$/, '') }
  const room = roomOf(url)
  if (room === undefined) {
    return { problem: 'has an invalid name after #: write #@name for a person or #name for a room' }
  }
  url.hash = room.replace(/^#/, '')
  return { address: url.href }
}

/** @param address a checked one */
export function chatTarget(address: string): ChatTarget {
  const webhook = new URL(address)
  const room = roomOf(webhook)
  webhook.hash = ''
  return { webhook, ...(room !== undefined && { room }) }
}

function roomOf({ hash }: URL): string | undefined {
  try {
    const room = decodeURIComponent(hash.slice(1)).normalize('NFC')
    const name = roomShape.exec(room)?.groups?.['name']
    return name && (room.startsWith('@') ? `@${name}` : `#${name}`)
  } catch {
    return undefined
  }
}
