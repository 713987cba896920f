import { expect, test } from '@jest/globals'
import type { HandshakeChannel } from '../../../lib/records/handshake-channel.ts'
import { keepOpen } from '../../../lib/records/kept-channel.ts'
import { whenAborted } from '../../../lib/waiting.ts'
import { silentLog } from '../../support/memory.ts'

function channel(ownQueue: string) {
  const loss = new AbortController()
  const one: HandshakeChannel = {
    ownQueue,
    lost: loss.signal,
    consume: async () => {},
    broadcast: async () => {},
    answer: async () => {},
    send: async () => 'kept',
    close: async () => {},
  }
  return { ...one, lose: () => loss.abort() }
}

test('a channel that is lost before its participant is done is given to nobody', async () => {
  const [first, second] = [channel('first'), channel('second')]
  const opened = [first, second]
  const kept = keepOpen(
    async () => opened.shift() ?? second,
    {
      async onOpen({ ownQueue }, ended) {
        if (ownQueue === 'first') await whenAborted(ended)
      },
      onMessage() {},
    },
    silentLog,
  )
  const current = kept.current(new AbortController().signal)
  setTimeout(first.lose, 10)
  expect((await current)?.ownQueue).toBe('second')
  await kept.close()
})
