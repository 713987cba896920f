import { describe, expect, it } from '@jest/globals'
import type { RateKey } from '../../../lib/channels/rate-limit.ts'
import { chatKind, groupRate, takeChatSlot } from '../../../lib/channels/telegram-rate.ts'

describe('a chat', () => {
  it.each([
    ['123456789', 'person'],
    ['-4012345678', 'group'],
    ['-1001234567890', 'group'],
    ['@acme_news', 'group'],
  ] as const)('%s is of a %s', (address, kind) => expect(chatKind(address)).toBe(kind))

  it('gets 20 messages a minute if it is a group', () => {
    expect(groupRate * 60).toBe(20)
  })
})

describe('a message to a chat', () => {
  async function take(ofChat: number | undefined, ofTenant: number | undefined) {
    const asked: [string, RateKey][] = []
    const slot = (name: string, wait: number | undefined) => async (key: RateKey) => {
      asked.push([name, key])
      return wait
    }
    const chats = { person: slot('person', ofChat), group: slot('group', ofChat) }
    const key = { tenant: 'acme', channel: 'telegram', address: '-42' } as const
    const wait = await takeChatSlot(key, { chats, tenant: slot('tenant', ofTenant) })
    return { wait, asked }
  }
  const tenant = { tenant: 'acme', channel: 'telegram' }

  it('has a slot of the chat and one of the tenant, and waits for the later', async () => {
    expect(await take(3000, 40)).toEqual({
      wait: 3000,
      asked: [
        ['group', { ...tenant, chat: '-42' }],
        ['tenant', tenant],
      ],
    })
    expect((await take(0, 500)).wait).toBe(500)
    expect((await take(0, undefined)).wait).toBeUndefined()
  })

  it('to which no more may go now takes no slot of the tenant', async () => {
    const { wait, asked } = await take(undefined, 0)
    expect(wait).toBeUndefined()
    expect(asked.map(([name]) => name)).toEqual(['group'])
  })
})
