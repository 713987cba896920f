import type { Transporter } from 'nodemailer'

/** The phases of sending a mail: up to the server's go-ahead for its content, the content, the answer to it. */
export type MailPhase = 'commands' | 'content' | 'answer'

/** Milliseconds for the first two phases, and for the whole mail: the answer has what they leave. */
export interface PhaseLimits {
  readonly commands: number
  readonly content: number
  readonly whole: number
}

/**
 * They fit into the function's 120 seconds. A server may check a mail before it answers to its end, for
 * which RFC 5321 (section 4.5.3.2.6) asks for minutes: whoever gives up there sends it again.
 */
export const mailLimits: PhaseLimits = { commands: 15_000, content: 20_000, whole: 105_000 }

export interface MailPhases {
  /** Aborted when a phase lasts too long, also where a server trickles. */
  readonly signal: AbortSignal
  current(): MailPhase
  enter(phase: MailPhase): void
  /** No phase has a limit any more. */
  end(): void
}

/** A mail's phases, by the signal that it is sent with. */
const phasesOf = new WeakMap<object, MailPhases>()

export function startPhases({ commands, content, whole }: PhaseLimits): MailPhases {
  const aborting = new AbortController()
  const endsAt = performance.now() + whole
  const allowed = { commands, content, answer: whole }
  let phase: MailPhase = 'commands'
  let timer: NodeJS.Timeout | undefined
  const phases = {
    signal: aborting.signal,
    current: () => phase,
    enter(next: MailPhase) {
      phase = next
      clearTimeout(timer)
      const left = Math.min(allowed[next], endsAt - performance.now())
      timer = setTimeout(() => aborting.abort(), Math.max(0, left))
    },
    end: () => clearTimeout(timer),
  }
  phases.enter('commands')
  phasesOf.set(aborting.signal, phases)
  return phases
}

/**
 * Makes a transport enter the phases of mails that are sent with the signal of `startPhases`. Once all
 * of a mail's content was read, the connection writes its end, which the server may have got.
 */
export function watchPhases<T>(transport: Transporter<T>): Transporter<T> {
  return transport.use('stream', (mail, done) => {
    const phases = phasesOf.get(mail.data.signal ?? {})
    if (phases) {
      mail.message.processFunc((content) => {
        content.once('resume', () => phases.enter('content'))
        content.once('end', () => phases.enter('answer'))
        return content
      })
    }
    done()
  })
}
