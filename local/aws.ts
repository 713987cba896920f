import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EcosError, messageOf } from '../lib/errors.ts'
import type { Context, Part } from './context.ts'
import { findEngine, startContainer } from './engine.ts'
import { freePort } from './ports.ts'
import { startService } from './processes.ts'
import { inStep } from './progress.ts'
import { installPython, miniStack } from './python.ts'

export type LocalAws = Part<{ awsEndpoint: string }>

const IMAGE = 'ministackorg/ministack:1.5.33'
const NAME = 'MiniStack (local AWS)'

/** The local AWS: the one at AWS_ENDPOINT_URL, or else a MiniStack, which starts empty. */
export async function startAws(context: Context): Promise<LocalAws> {
  const awsEndpoint = process.env['AWS_ENDPOINT_URL']
  if (awsEndpoint) return useAws(awsEndpoint, context)

  const python = await installPython(miniStack, context)
  if (python !== undefined) return startMiniStack(python, context)

  const engine = await findEngine()
  if (engine !== undefined) return startImage(engine, context)

  throw new EcosError(
    'no-local-aws',
    'No local AWS can be started: install Python 3.10 or newer with its venv module, or Docker or Podman, or set AWS_ENDPOINT_URL to one that runs.',
  )
}

async function useAws(awsEndpoint: string, { onProgress }: Context): Promise<LocalAws> {
  await inStep(onProgress, 'AWS of AWS_ENDPOINT_URL', () => answer(awsEndpoint)).catch((error) => {
    // fetch's own message is `fetch failed`; the reason is in its cause.
    const reason = messageOf(error.cause ?? error)
    throw new EcosError(
      'aws-unreachable',
      `Nothing answers at AWS_ENDPOINT_URL (${reason}): start it or correct the address, or unset AWS_ENDPOINT_URL to have a private one.`,
      { cause: error },
    )
  })
  return { awsEndpoint, external: true, stop: async () => {} }
}

/** Any answer counts: only MiniStack has a page that tells whether it is ready. */
async function answer(url: string): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(5_000) })
}

/** MiniStack answers with 200 here once its services can be called. */
async function ready(port: number): Promise<void> {
  const response = await answer(`${urlOf(port)}/_ministack/ready`)
  if (!response.ok) throw new Error(`it answers ${response.status}`)
}

async function startMiniStack(python: string, context: Context): Promise<LocalAws> {
  return inStep(
    context.onProgress,
    NAME,
    async () => {
      const { stateDir } = context
      const home = join(stateDir, 'aws')
      await rm(home, { recursive: true, force: true })
      await mkdir(home, { recursive: true })
      // MiniStack writes its Node worker, a CommonJS file, there: our package.json says ES modules.
      await writeFile(join(home, 'package.json'), '{ "type": "commonjs" }\n')
      const port = await freePort()
      const { stop } = await startService(
        {
          name: 'MiniStack',
          command: python,
          args: ['-m', 'ministack'],
          cwd: home,
          env: { ...settingsOf(port), ...placesOf(home) },
          logFile: join(stateDir, 'logs', 'aws.log'),
          probe: () => ready(port),
          readyWithinMs: 60_000,
        },
        context,
      )
      return { awsEndpoint: urlOf(port), external: false, stop }
    },
    ({ awsEndpoint }) => awsEndpoint,
  )
}

function settingsOf(port: number): Record<string, string> {
  return {
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    // The host in queue URLs. The default, localhost, may resolve to ::1, where nothing listens.
    MINISTACK_HOST: '127.0.0.1',
    LAMBDA_EXECUTOR: 'local',
    // Functions run on the first `node` on PATH: put this process's own there.
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
  }
}

/** Every folder that MiniStack writes to, the functions' code included. */
function placesOf(home: string): Record<string, string> {
  return { HOME: home, TMPDIR: home, S3_DATA_DIR: join(home, 's3'), STATE_DIR: join(home, 'state') }
}

async function startImage(engine: string, context: Context): Promise<LocalAws> {
  const port = await freePort()
  const settings = { GATEWAY_PORT: port, BIND_HOST: '127.0.0.1', MINISTACK_HOST: '127.0.0.1' }
  const container = {
    name: NAME,
    image: IMAGE,
    run: `aws-${port}`,
    // The host's network: the functions inside call the broker and the mail server there.
    options: [
      '--network=host',
      ...Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ],
    logFile: join(context.stateDir, 'logs', 'aws.log'),
    probe: () => ready(port),
  }
  const { stop } = await startContainer(engine, container, context)
  return { awsEndpoint: urlOf(port), external: false, stop }
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`
}
