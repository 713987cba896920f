import * as z from 'zod'

/**
 * How often and for how long a channel tries to deliver a notification. Numbers may be strings, as in
 * an environment variable or a parameter on the command line.
 */
export const retryPolicy = z
  .strictObject({
    /** Deliveries at most: the queue's maxReceiveCount, for which SQS takes 1 to 1,000. */
    tries: z.coerce.number().int().min(1).max(1000),
    /** Before the second try. */
    firstWaitSeconds: z.coerce.number().int().min(1).max(900),
    /** How many times longer each further wait is. */
    factor: z.coerce.number().min(1).max(100),
    /** The longest wait. SQS hides a message for at most 12 hours after its receive; 11 leave room. */
    capSeconds: z.coerce.number().int().min(1).max(39_600),
    /** The random part of a wait: with 0.5 it lasts from half of the full wait to all of it. */
    jitter: z.coerce.number().min(0).max(1),
    /** Since a notification was queued; an older one is not worth sending. */
    timeToLiveSeconds: z.coerce.number().int().min(1).max(1_209_600),
    /**
     * How often a delivery of unknown outcome is repeated: 0 where the receiver could not recognise the
     * second copy.
     */
    uncertainRepeats: z.coerce.number().int().min(0).max(10),
    /** Before each such repetition. */
    uncertainWaitSeconds: z.coerce.number().int().min(1).max(39_600),
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
