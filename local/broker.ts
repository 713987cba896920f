import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import amqp from 'amqplib'
import { EcosError, messageOf } from '../lib/errors.ts'
import { findExecutable, isExecutable } from './commands.ts'
import type { Context, Part } from './context.ts'
import { canInstallPackages, installPackage } from './debian.ts'
import { findEngine, startContainer } from './engine.ts'
import { freePort } from './ports.ts'
import { inStep } from './progress.ts'
import { type Control, startRabbitMq } from './rabbitmq.ts'

export type Broker = Part<{
  amqpUrl: string
  /** Runs rabbitmqctl, if the broker is a process that was started here. */
  control?: Control
}>

const IMAGE = 'rabbitmq:3.13'

/** The broker: the one at AMQP_URL, or else a private RabbitMQ, which starts empty. */
export async function startBroker(context: Context): Promise<Broker> {
  const amqpUrl = process.env['AMQP_URL']
  if (amqpUrl) return useBroker(amqpUrl, context)

  if (findServer() === undefined && canInstallPackages()) {
    await installPackage('rabbitmq-server', context)
  }
  const server = findServer()
  if (server !== undefined) return startServer(server, context)

  const engine = await findEngine()
  if (engine !== undefined) return startImage(engine, context)

  throw new EcosError(
    'no-broker',
    'No RabbitMQ found: install rabbitmq-server, or Docker or Podman, or set AMQP_URL to a broker that runs.',
  )
}

async function useBroker(amqpUrl: string, { onProgress }: Context): Promise<Broker> {
  await inStep(onProgress, 'RabbitMQ of AMQP_URL', () => connectOnce(amqpUrl)).catch((error) => {
    throw new EcosError(
      'broker-unreachable',
      `The broker at AMQP_URL can't be used (${messageOf(error)}): start it or correct the address, or unset AMQP_URL to start a private one.`,
      { cause: error },
    )
  })
  return { amqpUrl, external: true, stop: async () => {} }
}

/** RabbitMQ opens its port before it accepts clients, so log in once. */
export async function connectOnce(amqpUrl: string): Promise<void> {
  const connection = await amqp.connect(amqpUrl, { timeout: 5_000 })
  await connection.close()
}

/**
 * The machine's `rabbitmq-server`. Debian's command is a wrapper that only root and the user `rabbitmq`
 * may call, and that runs the broker as the latter. The script behind it runs the broker as the calling
 * user, in the caller's process group.
 */
export function findServer(): string | undefined {
  const server = findExecutable('rabbitmq-server')
  if (server === undefined) return undefined
  const packaged = '/usr/lib/rabbitmq/bin/rabbitmq-server'
  const wrapped = ['/usr/sbin', '/usr/lib/rabbitmq/bin'].includes(dirname(realpathSync(server)))
  return wrapped && isExecutable(packaged) ? packaged : server
}

async function startServer(server: string, context: Context): Promise<Broker> {
  return inStep(
    context.onProgress,
    'RabbitMQ',
    async () => {
      const probe = (port: number) => connectOnce(urlOf(port))
      const { port, control, stop } = await startRabbitMq(server, probe, context)
      return { amqpUrl: urlOf(port), external: false, control, stop }
    },
    ({ amqpUrl }) => amqpUrl,
  )
}

async function startImage(engine: string, context: Context): Promise<Broker> {
  const port = await freePort()
  const container = {
    name: 'RabbitMQ',
    image: IMAGE,
    run: `broker-${port}`,
    options: ['--publish', `127.0.0.1:${port}:5672`],
    logFile: join(context.stateDir, 'logs', 'broker.log'),
    probe: () => connectOnce(urlOf(port)),
  }
  const { stop } = await startContainer(engine, container, context)
  return { amqpUrl: urlOf(port), external: false, stop }
}

/** RabbitMQ accepts the user `guest` from the loopback address only. */
function urlOf(port: number): string {
  return `amqp://guest:guest@127.0.0.1:${port}`
}
