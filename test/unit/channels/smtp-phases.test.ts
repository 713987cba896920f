import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { createEmailChannel } from '../../../lib/channels/email.ts'
import { createSmtp } from '../../../lib/channels/smtp.ts'
import { message } from './message.ts'

/** A server that follows RFC 5321 up to a step, and then does as it is told. */
type Step = 'greeting' | 'MAIL' | 'DATA' | 'content' | 'dot'
type Deed = 'hang' | 'hang-up' | 'trickle' | 'answer-421'

const opened: Server[] = []
const sockets = new Set<Socket>()
afterEach(() => {
  jest.useRealTimers()
  for (const socket of sockets) socket.destroy()
  for (const server of opened.splice(0)) server.close()
})

async function startScripted(step: Step, deed: Deed) {
  let accepted = 0
  const atDot = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let isContent = false
    let content = ''
    const at = (here: Step, reply: string) => {
      if (here !== step) socket.write(reply)
      else if (deed === 'hang-up') socket.destroy()
      else if (deed === 'answer-421') socket.write('421 4.3.2 closing\r\n')
      else if (deed === 'trickle') setInterval(() => socket.write('250-wait\r\n'), 20).unref()
    }
    socket.on('error', () => undefined).setEncoding('latin1')
    at('greeting', '220 scripted ESMTP\r\n')
    socket.on('data', (chunk: string) => {
      if (isContent) {
        content += chunk
        if (step === 'content') socket.pause()
        else if (content.endsWith('\r\n.\r\n')) {
          accepted += 1
          isContent = false
          at('dot', '250 2.0.0 queued\r\n')
          atDot.resolve()
        }
      } else if (/^EHLO/i.test(chunk)) socket.write('250 scripted\r\n')
      else if (/^MAIL/i.test(chunk)) at('MAIL', '250 ok\r\n')
      else if (/^RCPT/i.test(chunk)) socket.write('250 ok\r\n')
      else if (/^DATA/i.test(chunk)) {
        isContent = step !== 'DATA'
        at('DATA', '354 go ahead\r\n')
      }
    })
  })
  opened.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const url = `smtp://127.0.0.1:${port}?ignoreTLS=true`
  return { url, accepted: () => accepted, atDot: atDot.promise }
}

const limits = { commands: 400, content: 400, whole: 1200 }

async function deliverTo(step: Step, deed: Deed, text = 'Задача') {
  return outcomeAt(await startScripted(step, deed), text)
}

type Scripted = Awaited<ReturnType<typeof startScripted>>

async function outcomeAt({ url, accepted }: Scripted, text = 'Задача') {
  const from = { name: '', address: 'ecos@example.org' }
  const channel = createEmailChannel(
    { from },
    createSmtp(async () => url, limits),
  )
  const { outcome, ...more } = await channel.deliver(message({ text }))
  return { outcome, accepted: accepted(), reason: 'reason' in more ? more.reason : '' }
}

/** No limit passes by itself. */
function holdTimers() {
  jest.useFakeTimers({ doNotFake: ['setInterval', 'setImmediate', 'nextTick', 'queueMicrotask'] })
}

describe('a mail server that', () => {
  it.each([
    ['hang', 'greeting'],
    ['hang', 'MAIL'],
    ['hang', 'DATA'],
    ['hang-up', 'MAIL'],
    ['hang-up', 'DATA'],
    ['trickle', 'MAIL'],
    ['answer-421', 'DATA'],
  ] as const)('does %s at %s has not accepted the mail: it is sent again', async (deed, step) => {
    expect(await deliverTo(step, deed)).toMatchObject({ outcome: 'transient', accepted: 0 })
  })

  it('takes the content so slowly that it does not get it all has not accepted it', async () => {
    const text = 'x'.repeat(30_000_000)
    expect(await deliverTo('content', 'hang', text)).toMatchObject({ outcome: 'transient' })
  })

  it.each(['hang', 'hang-up', 'trickle'] as const)(
    'does %s after the final dot may have accepted it: the outcome is unknown',
    async (deed) => {
      const server = await startScripted('dot', deed)
      // The limits pass once the mail is there, however busy the machine is before.
      holdTimers()
      const outcome = outcomeAt(server)
      await server.atDot
      jest.advanceTimersByTime(limits.whole)
      expect(await outcome).toEqual({
        outcome: 'unknown',
        accepted: 1,
        reason: expect.stringMatching(/^no answer to the mail's content: \w+$/),
      })
    },
  )

  it('says no after the final dot has not accepted it', async () => {
    holdTimers()
    expect(await deliverTo('dot', 'answer-421')).toMatchObject({
      outcome: 'transient',
      reason: 'SMTP 421 4.3.2 to DATA',
    })
  })
})
