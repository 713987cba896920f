import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cloudEnvironment } from '../../local/cloud.ts'
import type { Stack } from '../../local/stack.ts'

/** `ecos-eventbridge bridge run`, in a process of its own. */
export function startWorker({ parts, deployment }: Stack, tenantsFile: string) {
  const child = spawn(process.execPath, ['bin/main.ts', 'bridge', 'run'], {
    env: {
      ...process.env,
      ...cloudEnvironment(parts.awsEndpoint),
      AMQP_URL: parts.amqpUrl,
      EVENT_BUS_NAME: String(deployment['BusName']),
      QUARANTINE_QUEUE_URL: String(deployment['QuarantineQueueUrl']),
      PAYLOAD_BUCKET: String(deployment['PayloadBucketName']),
      TENANTS_FILE: tenantsFile,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  return {
    pid: child.pid as number,
    async end() {
      child.kill()
      await ended
    },
  }
}
