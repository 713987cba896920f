import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { connectOnce, findServer } from '../../local/broker.ts'
import { startRabbitMq } from '../../local/rabbitmq.ts'
import { endSurvivors } from '../../local/survivors.ts'

/** The RabbitMQ of a run, which faults may stop and kill. */
export interface RigBroker {
  readonly port: number
  readonly amqpUrl: string
  /** Runs rabbitmqctl. @returns what it prints */
  control(...args: readonly string[]): Promise<string>
  crash(): Promise<void>
  startAgain(): Promise<void>
  stop(): Promise<void>
}

export async function startRigBroker(stateDir: string): Promise<RigBroker> {
  const server = findServer()
  if (server === undefined) throw new Error('The rig needs a rabbitmq-server on this machine')
  await mkdir(stateDir, { recursive: true })
  await endSurvivors(stateDir)
  const context = { stateDir, onProgress: () => {}, signal: new AbortController().signal }
  const broker = await startRabbitMq(
    server,
    (port) => connectOnce(`amqp://127.0.0.1:${port}`),
    context,
  )
  const rabbitmqctl = join(dirname(server), 'rabbitmqctl')
  // Names of tenants are not all ASCII.
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', ...broker.env }
  return {
    port: broker.port,
    amqpUrl: `amqp://guest:guest@127.0.0.1:${broker.port}`,
    async control(...args) {
      const { stdout } = await promisify(execFile)(rabbitmqctl, args, { env })
      return stdout
    },
    crash: broker.crash,
    startAgain: broker.startAgain,
    stop: broker.stop,
  }
}
