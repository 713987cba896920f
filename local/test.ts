import { dirname, join, resolve } from 'node:path'
import { messageOf } from '../lib/errors.ts'
import { findChromium } from './chromium.ts'
import { installEventRuler } from './event-ruler.ts'
import { cfnLint, installPython, moto, parliament } from './python.ts'
import { installServerless3 } from './serverless-3.ts'
import { type Stack, withStack } from './stack.ts'
import { createTerminal } from './terminal.ts'
import { type Counts, runJest } from './testing/jest.ts'
import { readLanes } from './testing/lanes.ts'

/** Milliseconds after which a test is taken to hang. Jest ignores this setting in a project. */
const testTimeout = 300_000

const stateDir = resolve('.local')
const terminal = createTerminal()

try {
  // `npm run load` and `npm run drills` name one file of the integration tests.
  const names = process.argv.slice(2)
  const { onProgress } = terminal
  const counts = names.length > 0 ? [] : [await testUnits()]
  const stackOptions = {
    stateDir,
    onProgress,
    cell: 'main',
    tenantsFile: 'test/fixtures/tenants.yml',
    templatesDir: 'test/fixtures/templates',
  }
  await withStack(stackOptions, async (stack) => {
    counts.push(...(await testIntegration(stack, names)))
  }).catch((error) => {
    process.stderr.write(`${messageOf(error)}\n`)
    counts.push({ passed: 0, failed: 1 })
  })
  const passed = sum(counts.map((count) => count.passed))
  const failed = sum(counts.map((count) => count.failed))
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}

/**
 * The packaged template is also checked by cfn-lint, moto and the Serverless Framework 3, its rules by Event Ruler,
 * and tenants' policies by parliament, where they can be installed.
 */
async function testUnits(): Promise<Counts> {
  const { onProgress } = terminal
  const signal = new AbortController().signal
  const context = { stateDir, onProgress, signal }
  const [python, motoPython, policies, serverless3, eventRuler] = await Promise.all([
    installPython(cfnLint, context),
    // Its dependencies may need a newer Python than there is.
    installPython(moto, context).catch(() => undefined),
    installPython(parliament, context).catch(() => undefined),
    installServerless3(context),
    installEventRuler(context),
  ])
  const env = {
    ...(python !== undefined && { CFN_LINT: join(dirname(python), 'cfn-lint') }),
    ...(motoPython !== undefined && { MOTO_SERVER: join(dirname(motoPython), 'moto_server') }),
    ...(policies !== undefined && { PARLIAMENT: join(dirname(policies), 'parliament') }),
    ...(serverless3 !== undefined && { SERVERLESS_3: serverless3 }),
    ...(eventRuler !== undefined && { EVENT_RULER: eventRuler }),
  }
  return runJest({ project: 'unit', args: ['--maxWorkers=100%'], env })
}

/** Runs all integration tests in their lanes, or those that are named one after another. */
async function testIntegration(
  { parts, receivers, deployment, context }: Stack,
  names: readonly string[],
): Promise<Counts[]> {
  const { amqpUrl, awsEndpoint, smtpUrl, inboxUrl } = parts
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
  const { signal } = context
  const run = (args: readonly string[], more: Record<string, string> = {}) =>
    runJest({
      project: 'integration',
      args: ['--runInBand', `--testTimeout=${testTimeout}`, ...args],
      env: { ...env, ...more },
      signal,
    })
  if (names.length > 0) return [await run(names)]
  const lanes = await readLanes()
  // With CI set, Jest draws no status lines, which several of them would draw over each other.
  return Promise.all(lanes.map((files) => run(['--runTestsByPath', ...files], { CI: 'true' })))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
