import type { HookMood } from '../world/hooks.ts'
import type { MailMood } from '../world/mailbox.ts'
import type { Allowance, Fault } from './fault.ts'

/** Faults of those who receive notifications. */

const uncertain = ['twice-delivered', 'uncertain'] as const

function mailFault(name: string, mood: MailMood, allows: readonly Allowance[] = []): Fault {
  return {
    name,
    place: 'mailbox',
    allows,
    start({ mailbox }) {
      mailbox.mood = mood
      return () => {
        mailbox.mood = 'take'
      }
    },
  }
}

function hookFault(name: string, mood: HookMood, allows: readonly Allowance[] = []): Fault {
  return {
    name,
    place: 'hooks',
    allows,
    start({ hooks }) {
      hooks.mood = mood
      return () => {
        hooks.mood = 'take'
      }
    },
  }
}

export const receivers: readonly Fault[] = [
  mailFault('mail-refuses', 'refuse-for-now'),
  mailFault('mail-loses-answers', 'lose', uncertain),
  hookFault('webhook-fails', 'fail'),
  hookFault('webhook-too-many', 'too-many'),
  hookFault('webhook-hangs', 'hang', uncertain),
  hookFault('webhook-loses-answers', 'lose', uncertain),
]
