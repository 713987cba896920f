import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { bundleFunctions } from '../build/bundle-functions.ts'
import { bundleTemplates } from '../build/templates.ts'
import { EcosError } from '../lib/errors.ts'

export interface ColdStart {
  readonly function: string
  /** The size of all files of the bundle. */
  readonly bytes: number
  /** Median time of a new Node process that loads the bundle and exits. */
  readonly milliseconds: number
}

/** The variables that the functions read; none of these addresses is called. */
const environment = {
  AMQP_SECRET_ID: 'bench',
  AWS_REGION: 'eu-central-1',
  CELL: 'main',
  CHAT_QUEUE_URL: 'http://127.0.0.1/chat',
  DELIVERIES_PER_SECOND: '10',
  EMAIL_FROM: 'ECOS <ecos@example.com>',
  EMAIL_QUEUE_URL: 'http://127.0.0.1/email',
  EMAIL_TRANSPORT: 'smtp',
  EVENT_BUS_NAME: 'bench',
  IDEMPOTENCY_TABLE: 'bench',
  MAX_PUT_EVENTS_PER_SECOND: '400',
  MAX_RECEIVE_COUNT: '120',
  DEAD_LETTER_QUEUE_URL: 'http://127.0.0.1/dlq',
  OUTAGE_CAP_SECONDS: '240',
  TRIES: '5',
  NOTIFICATIONS_TABLE: 'bench',
  OWN_PAGE_SECRET_ID: 'bench',
  PAYLOAD_BUCKET: 'bench',
  PUSH_API_URL: 'https://127.0.0.1',
  PUSH_QUEUE_URL: 'http://127.0.0.1/push',
  QUARANTINE_QUEUE_URL: 'http://127.0.0.1/quarantine',
  QUEUE_URL: 'http://127.0.0.1/queue',
  RATE_LIMITS_TABLE: 'bench',
  RETRY_POLICY: JSON.stringify({
    tries: 5,
    firstWaitSeconds: 1,
    factor: 2,
    capSeconds: 60,
    jitter: 0.5,
    timeToLiveSeconds: 3600,
  }),
  SECRET_ID: 'bench',
  SETTLED_TABLE: 'bench',
  SMS_MAX_PARTS: '3',
  SMS_QUEUE_URL: 'http://127.0.0.1/sms',
  SUBSCRIPTIONS_TABLE: 'bench',
  TEMPLATES_FILE: 'dist/templates.json',
  TELEGRAM_API_URL: 'https://127.0.0.1',
  TELEGRAM_QUEUE_URL: 'http://127.0.0.1/telegram',
  TENANTS_FILE: 'tenants.yml',
  WEBHOOK_ALLOW_PRIVATE: 'false',
  WEBHOOK_QUEUE_URL: 'http://127.0.0.1/webhook',
}

/** Measures size and start of each function's bundle, and of an empty function. */
export async function measureColdStarts(scratch: string, rounds: number): Promise<ColdStart[]> {
  await bundleFunctions()
  await bundleTemplates({ cell: 'main', templatesDir: 'templates', tenantsFile: 'tenants.yml' })
  const emptyBundle = await writeEmptyBundle(scratch)
  const bundles = new Map([['(empty)', emptyBundle]])
  for (const name of (await readdir('dist/functions')).sort()) {
    bundles.set(name, resolve('dist/functions', name, 'index.mjs'))
  }
  const times = new Map<string, number[]>([...bundles.keys()].map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, file] of bundles) times.get(name)?.push(await startOnce(file))
  }
  return Promise.all(
    [...bundles].map(async ([name, file]) => ({
      function: name,
      bytes: await sizeOf(dirname(file)),
      milliseconds: median(times.get(name) ?? []),
    })),
  )
}

async function sizeOf(folder: string): Promise<number> {
  const files = await Promise.all((await readdir(folder)).map((name) => stat(join(folder, name))))
  return files.reduce((sum, { size }) => sum + size, 0)
}

async function writeEmptyBundle(scratch: string): Promise<string> {
  const file = join(scratch, 'empty', 'index.mjs')
  await mkdir(join(scratch, 'empty'), { recursive: true })
  await writeFile(file, 'export const handler = async () => {}\n')
  return file
}

async function startOnce(file: string): Promise<number> {
  const script = 'await import(process.argv[1]); process.exit()'
  const start = performance.now()
  const child = spawn('node', ['--input-type=module', '--eval', script, file], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new EcosError('bundle-failed', `${file} could not be loaded: see above`)
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
