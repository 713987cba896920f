import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EcosError } from '../lib/errors.ts'
import { connectZooKeeper } from '../lib/zookeeper/zookeeper.ts'
import { findExecutable } from './commands.ts'
import type { Context, Part } from './context.ts'
import { canInstallPackages, installPackage } from './debian.ts'
import { findEngine, startContainer } from './engine.ts'
import { freePort } from './ports.ts'
import { type Service, startService } from './processes.ts'
import { inStep } from './progress.ts'

/** A running ZooKeeper. `servers`: `host:port`. */
export type ZooKeeperPart = Part<{
  servers: string
  /** Restarts the server on its port; one from a package keeps its data. */
  restart(): Promise<void>
}>

const IMAGE = 'zookeeper:3.8'

/** Debian's jars. The manifest of the first names its dependencies, but no logger. */
const JARS = ['/usr/share/java/zookeeper.jar', '/usr/share/java/slf4j-simple.jar']

/**
 * Starts a private, empty ZooKeeper for the tests of events 2.0. Debian's `libzookeeper-java` is the server, 33 MB to download with all that it needs; the package
 * `zookeeper` is the service around it, and brings a desktop's Java.
 */
export async function startZooKeeper(context: Context): Promise<ZooKeeperPart> {
  if (canInstallPackages()) {
    if (findExecutable('java') === undefined) await installPackage('default-jre-headless', context)
    if (!JARS.every(existsSync)) await installPackage('libzookeeper-java', context)
  }
  const start = await findServer(context)
  const port = await freePort()
  const servers = `127.0.0.1:${port}`
  return inStep(
    context.onProgress,
    'ZooKeeper',
    async () => {
      let service = await start(port)
      return {
        servers,
        external: false,
        stop: () => service.stop(),
        async restart() {
          await service.stop()
          service = await start(port)
        },
      }
    },
    () => servers,
  )
}

async function findServer(context: Context): Promise<(port: number) => Promise<Service>> {
  const java = findExecutable('java')
  if (java !== undefined && JARS.every(existsSync)) {
    const home = join(context.stateDir, 'zookeeper')
    await rm(home, { recursive: true, force: true })
    return (port) => startServer(java, home, port, context)
  }
  const engine = await findEngine()
  if (engine !== undefined) return (port) => startImage(engine, port, context)
  throw new EcosError(
    'no-zookeeper',
    'No ZooKeeper found: install libzookeeper-java and a Java, or Docker or Podman.',
  )
}

async function startServer(java: string, home: string, port: number, context: Context) {
  const { stateDir } = context
  const settings = {
    dataDir: join(home, 'data'),
    clientPortAddress: '127.0.0.1',
    clientPort: port,
    // Milliseconds. A session lasts at least two ticks without its client.
    tickTime: 500,
    'admin.enableServer': false,
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  await mkdir(home, { recursive: true })
  await writeFile(join(home, 'zoo.cfg'), lines.join(''))
  const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain'
  return startService(
    {
      name: 'ZooKeeper',
      command: java,
      args: ['-Xmx128m', '-classpath', JARS.join(':'), main, join(home, 'zoo.cfg')],
      logFile: join(stateDir, 'logs', 'zookeeper.log'),
      probe: () => connectOnce(port),
      readyWithinMs: 60_000,
    },
    context,
  )
}

function startImage(engine: string, port: number, context: Context): Promise<Service> {
  const container = {
    name: 'ZooKeeper',
    image: IMAGE,
    run: `zookeeper-${port}`,
    options: ['--publish', `127.0.0.1:${port}:2181`],
    logFile: join(context.stateDir, 'logs', 'zookeeper.log'),
    probe: () => connectOnce(port),
  }
  return startContainer(engine, container, context)
}

/** A session proves that it accepts clients. */
async function connectOnce(port: number): Promise<void> {
  const zooKeeper = await connectZooKeeper(`127.0.0.1:${port}`)
  await zooKeeper.close()
}
