import { InvalidArgumentError } from 'commander'
import { channelNames } from '../../lib/channels/channel.ts'
import { parseExactJson } from '../../lib/events/exact-number.ts'
import {
  customDataName,
  type NextPlace,
} from '../../lib/notifications/subscriptions/subscriptions.ts'
import { reminders } from '../../lib/tenants/reminders.ts'
import { say, translated } from '../say.ts'
import { checked } from './checked.ts'

/** The values of the options of `subscriptions add`. An InvalidArgumentError says how each is written. */
export function condition(text: string): unknown {
  const json = parseExactJson(text)
  if (json === undefined) throw new InvalidArgumentError(say('is not JSON'))
  return json
}

export function customData(
  text: string,
  before: Record<string, string> = {},
): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError(say('write it as name=path'))
  const name = checked(customDataName)(text.slice(0, at))
  return { ...before, [name]: text.slice(at + 1) }
}

export function reminder(text: string, before: readonly string[] = []): readonly string[] {
  if (text === 'never') return before
  const parsed = reminders.safeParse([...before, text])
  if (parsed.success) return parsed.data
  // The error names the text before.
  const problem = parsed.error.issues[0]?.message.replace(`"${text}" `, '') ?? ''
  throw new InvalidArgumentError(translated(problem))
}

export function nextPlace(text: string, before: readonly NextPlace[] = []): readonly NextPlace[] {
  const [, name, address = '', minutes] =
    /^(\S+)\s+(.+?)(?:\s+after\s+(\d+)m)?$/.exec(text.trim()) ?? []
  const channel = channelNames.find((one) => one === name)
  if (channel === undefined) {
    const form =
      'write "email smith@acme.example" or "sms +79991234567 after 30m"; the channels are {channels}'
    throw new InvalidArgumentError(say(form, { channels: channelNames.join(', ') }))
  }
  return [...before, { channel, address, ...(minutes && { afterMinutes: Number(minutes) }) }]
}
