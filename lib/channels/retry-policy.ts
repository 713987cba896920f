import { z } from 'zod'

/**
 * How often and for how long a channel tries to deliver a notification. A function and the template
 * may have them as text: an environment variable, a parameter on the command line.
 */
export const retryPolicy = z
  .strictObject({
    /** Deliveries at most: the queue's maxReceiveCount, for which SQS takes 1 to 1,000. */
    tries: z.coerce.number().int().min(1).max(1000),
    /** Before the second try. */
    firstWaitSeconds: z.coerce.number().int().min(1).max(900),
    /** By how much each further wait is longer than the one before. */
    factor: z.coerce.number().min(1).max(100),
    /** No wait is longer. A message can be hidden for 12 hours from its receive: 11 leave room. */
    capSeconds: z.coerce.number().int().min(1).max(39_600),
    /** The part of a wait that is left to chance: with 0.5 it lasts from half of it to all. */
    jitter: z.coerce.number().min(0).max(1),
    /** From the moment that it was made, after which a notification is not worth sending. */
    timeToLiveSeconds: z.coerce.number().int().min(1).max(1_209_600),
  })
  .refine(({ firstWaitSeconds, capSeconds }) => firstWaitSeconds <= capSeconds, {
    path: ['capSeconds'],
    message: 'is less than firstWaitSeconds',
  })
export type RetryPolicy = Readonly<z.infer<typeof retryPolicy>>

/** The variable RETRY_POLICY of a sender: the policy as JSON. */
export const retryPolicyVariable = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue('is not JSON')
      return z.NEVER
    }
  })
  .pipe(retryPolicy)
