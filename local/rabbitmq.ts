import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findExecutable } from './commands.ts'
import type { Context } from './context.ts'
import { freePorts } from './ports.ts'
import { type Service, type ServiceOptions, startService } from './processes.ts'

export type Control = (...args: readonly string[]) => Promise<string>

export type RabbitMq = {
  port: number
  /** The environment in which `rabbitmqctl` finds it. */
  env: Record<string, string>
  /** Runs rabbitmqctl. @returns what it prints */
  control: Control
  /** Kills it (SIGKILL). */
  crash(): Promise<void>
  /** Starts it after a crash, on its durable state. */
  startAgain(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts a private RabbitMQ. It shares no files, ports or node name with a RabbitMQ of the machine, nor
 * Erlang's port mapper (epmd), which the first node on a machine starts for all and which outlives it.
 *
 * @param configuration its advanced.config, as Erlang terms
 */
export async function startRabbitMq(
  server: string,
  probe: (port: number) => Promise<void>,
  context: Context,
  configuration = '[].',
): Promise<RabbitMq> {
  const { stateDir } = context
  const home = join(stateDir, 'broker')
  await rm(home, { recursive: true, force: true })
  await mkdir(home, { recursive: true })
  await writeFile(join(home, 'enabled_plugins'), '[].\n')
  await writeFile(join(home, 'advanced.config'), `${configuration}\n`)
  await writeFile(join(home, '.erlang.cookie'), randomBytes(32).toString('hex'), { mode: 0o400 })

  const [port, distributionPort, epmdPort] = (await freePorts(3)) as [number, number, number]
  const env = environmentOf(home, { port, distributionPort, epmdPort })
  const place = { cwd: home, env }
  const portMapper = await startPortMapper(epmdPort, place, context)
  const start = () =>
    startService(
      {
        ...place,
        name: 'RabbitMQ',
        command: server,
        args: [],
        logFile: join(stateDir, 'logs', 'broker.log'),
        probe: () => probe(port),
        readyWithinMs: 60_000,
      },
      context,
    )
  try {
    let broker = await start()
    return {
      port,
      env,
      async control(...args) {
        // Names of tenants are not all ASCII.
        const controlEnv = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', ...env }
        const program = join(dirname(server), 'rabbitmqctl')
        const { stdout } = await promisify(execFile)(program, args, { env: controlEnv })
        return stdout
      },
      crash: () => broker.kill(),
      async startAgain() {
        broker = await start()
      },
      async stop() {
        await broker.stop()
        await portMapper?.stop()
      },
    }
  } catch (error) {
    await portMapper?.stop()
    throw error
  }
}

type Ports = { port: number; distributionPort: number; epmdPort: number }

function environmentOf(home: string, ports: Ports): Record<string, string> {
  return {
    HOME: home,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(ports.epmdPort),
    RABBITMQ_NODENAME: `ecos-${process.pid}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(ports.port),
    RABBITMQ_DIST_PORT: String(ports.distributionPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
    RABBITMQ_LOG_BASE: home,
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(home, 'pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(home, 'advanced.config'),
    // Neither file exists: otherwise RabbitMQ reads the machine's, in /etc/rabbitmq.
    RABBITMQ_CONF_ENV_FILE: join(home, 'rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
  }
}

/** Starts epmd as a child, so that `stop` ends it. Where it is not on PATH, RabbitMQ starts its own. */
async function startPortMapper(
  port: number,
  place: Pick<ServiceOptions, 'cwd' | 'env'>,
  context: Context,
): Promise<Service | undefined> {
  const command = findExecutable('epmd')
  if (command === undefined) return undefined
  return startService(
    {
      ...place,
      name: 'epmd',
      command,
      args: ['-port', String(port), '-address', '127.0.0.1'],
      logFile: join(context.stateDir, 'logs', 'epmd.log'),
      probe: async () => {},
      readyWithinMs: 5_000,
    },
    context,
  )
}
