import * as z from 'zod'
import { late } from '../late.ts'

/** A RabbitMQ broker of Amazon MQ; Lambda itself consumes the queues of its tenants. */
export interface AmazonMqBroker {
  /** The name in tenants.yml. */
  readonly name: string
  /** The broker's ARN. */
  readonly amazonMq: string
  /** The ARN of the secret that holds the credentials: `{"username":"…","password":"…"}`. */
  readonly secret: string
  readonly virtualHost: string
}

/** Characters that Lambda accepts for the secret and the virtual host (API reference, SourceAccessConfiguration). */
const maxAccessLength = 200

export const brokerName = late(() =>
  z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,63}$/,
      'a broker name has up to 64 of a-z, 0-9 and "-", and starts with a letter',
    ),
)

export const brokerEntry = late(() =>
  z.strictObject({
    amazonMq: z
      .string()
      .regex(
        /^arn:[a-z-]+:mq:[a-z0-9-]+:\d{12}:broker:[A-Za-z0-9_-]+:b-[A-Za-z0-9-]+$/,
        'is not the ARN of an Amazon MQ broker: arn:aws:mq:REGION:ACCOUNT:broker:NAME:b-ID',
      ),
    secret: z
      .string()
      .max(maxAccessLength)
      .regex(
        /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+$/,
        'is not the ARN of a secret: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX',
      ),
    virtualHost: z
      .string()
      .max(maxAccessLength)
      .regex(
        /^[A-Za-z0-9/*:_+=.@-]+$/,
        'is not a virtual host that Lambda accepts: letters, digits and /*:_+=.@-',
      )
      .default('/'),
  }),
)
