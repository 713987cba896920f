import { fork } from 'node:child_process'
import { once } from 'node:events'
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import type { Stack } from '../../local/stack.ts'

export interface Mails {
  /** When each address's first mail was accepted, in microseconds of the monotonic clock. */
  readonly acceptedAt: ReadonlyMap<string, number>
  /** Mails beyond one for each address. */
  repeated(): number
  end(): void
}

/** Has the stack's mails go to a server that only counts them, in place of the inbox, which keeps and parses each. */
export async function receiveMails({ cloud }: Stack): Promise<Mails> {
  const child = fork('bench/whole-way/sink.ts')
  const [port] = await once(child, 'message')
  await cloud.secrets.send(
    new PutSecretValueCommand({
      SecretId: 'ecos-main/email',
      SecretString: `smtp://127.0.0.1:${port}`,
    }),
  )
  const acceptedAt = new Map<string, number>()
  let repeated = 0
  child.on('message', (message) => {
    const { address, acceptedMicros } = message as { address: string; acceptedMicros: number }
    if (acceptedAt.has(address)) repeated += 1
    else acceptedAt.set(address, acceptedMicros)
  })
  return { acceptedAt, repeated: () => repeated, end: () => void child.disconnect() }
}
