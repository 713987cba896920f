import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { messageOf } from '../lib/errors.ts'
import { findChromium } from './chromium.ts'
import { cfnLint, installPython } from './python.ts'
import { withStack } from './stack.ts'
import { createTerminal } from './terminal.ts'

/** What Jest counted. */
type Counts = { passed: number; failed: number }

const none: Counts = { passed: 0, failed: 0 }

const stateDir = resolve('.local')
const terminal = createTerminal()

try {
  // `npm run load` and `npm run drills` run one file of the integration tests alone.
  const paths = process.argv.slice(2)
  const { onProgress } = terminal
  const unit = paths.length > 0 ? none : await testUnits()
  const stackOptions = {
    stateDir,
    onProgress,
    cell: 'main',
    tenantsFile: 'test/fixtures/tenants.yml',
    templatesDir: 'test/fixtures/templates',
  }
  const integration = await withStack(stackOptions, async ({ parts, deployment, context }) => {
    const { amqpUrl, awsEndpoint, smtpUrl, inboxUrl, receivers } = parts
    const chromium = await findChromium(context)
    const env = {
      AMQP_URL: amqpUrl,
      AWS_ENDPOINT_URL: awsEndpoint,
      SMTP_URL: smtpUrl,
      INBOX_URL: inboxUrl,
      RECEIVERS: JSON.stringify(receivers),
      DEPLOYMENT: JSON.stringify(deployment),
      ...(chromium !== undefined && { CHROMIUM: chromium }),
    }
    // One after another: they share one machine, and each is to be seen alone when it fails.
    return jest('integration', ['--runInBand', ...paths], env, context.signal)
  })
  const passed = unit.passed + integration.passed
  const failed = unit.failed + integration.failed
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}

/** The template is linted by a program in Python, where there is one that could be installed. */
async function testUnits(): Promise<Counts> {
  const { onProgress } = terminal
  const signal = new AbortController().signal
  const python = await installPython(cfnLint, { stateDir, onProgress, signal })
  return jest(
    'unit',
    ['--coverage'],
    python === undefined ? {} : { CFN_LINT: join(dirname(python), 'cfn-lint') },
  )
}

/** Runs one of Jest's projects, and returns what Jest counted. */
async function jest(
  project: string,
  options: string[],
  env: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Counts> {
  const file = join(stateDir, `jest-${project}.json`)
  await mkdir(stateDir, { recursive: true })
  await rm(file, { force: true })
  const args = ['--selectProjects', project, '--json', '--outputFile', file, ...options]
  const nodeOptions = '--experimental-vm-modules --disable-warning=ExperimentalWarning'
  const child = spawn('jest', args, {
    env: { ...process.env, ...env, NODE_OPTIONS: nodeOptions },
    // With --outputFile the JSON goes there; what is printed is for people.
    stdio: ['ignore', 'inherit', 'inherit'],
    ...(signal && { signal }),
  })
  await new Promise((done, fail) => child.once('exit', done).once('error', fail))
  const result = JSON.parse(await readFile(file, 'utf8'))
  // A file that can't be loaded has no tests to count, and has failed.
  const broken = result.numRuntimeErrorTestSuites
  return { passed: result.numPassedTests, failed: result.numFailedTests + broken }
}
