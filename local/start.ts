import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { errorText } from '../bin/say.ts'
import type { Console } from '../console/server/console.ts'
import { planCell } from '../lib/tenants/plan.ts'
import { cloudEnvironment } from './cloud.ts'
import { openConsole } from './console.ts'
import { archiveBus } from './demo/archive.ts'
import { readEventsFile, type SampleMessage, sentNow } from './demo/events-file.ts'
import { showJavaEvent } from './demo/java-events.ts'
import { showRecordEvents, subscribeCaseReader } from './demo/record-events.ts'
import { showReminder } from './demo/reminder.ts'
import { drain, runDemo } from './demo/run.ts'
import { writeRunTenants } from './demo/run-tenants.ts'
import { eventLine, losses, partitionsText, totalsLine } from './demo/show.ts'
import { startInboxes } from './receivers/inboxes/server.ts'
import { keepRunning } from './running.ts'
import { createScript } from './script.ts'
import { type Stack, withStack } from './stack.ts'
import { createTerminal } from './terminal.ts'

const cell = 'main'
const samples = 'local/demo/samples.jsonl'
const tenantsFile = join('.local', 'tenants.yml')
const environmentFile = join('.local', 'env')
/** The user's environment, before the console sets variables in this process. */
const shell = { ...process.env }

type Options = { once?: boolean; events?: string }

const options = createScript('start')
  .description(
    'Starts RabbitMQ, a local AWS and a mail inbox, deploys, and sends sample events through',
  )
  .option('--once', 'end when every event has reached its end: with 0, or with 1 when one was lost')
  .option(
    '--events <file>',
    'publish the messages of this file (JSON lines) instead of the samples',
  )
  .parse()
  .opts<Options>()
const terminal = createTerminal()

try {
  process.exitCode = await main(options)
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}

/** @returns the exit code */
async function main({ events, once: endsByItself = false }: Options): Promise<number> {
  // npm runs this in the project's folder; the user may have been in another.
  const file = events === undefined ? samples : resolve(process.env['INIT_CWD'] ?? '.', events)
  const read = await readEventsFile(file)
  const files = { from: 'tenants.yml', into: tenantsFile }
  const { tenants, ofProject } = writeRunTenants(files, read, cell)
  planCell(tenants, cell)

  const { onProgress, print } = terminal
  const pages: string[] = []
  const onEnding = (reason: string) => print(`\n${reason}: ending what npm start has started …`)
  const onEnded = (parts: readonly string[]) => {
    const ended = [...pages, ...parts]
    if (ended.length > 0) print(`Ended: ${ended.join(', ')}. Nothing of it runs any more.`)
    else print('Ended before anything had started.')
  }
  return withStack(
    { stateDir: resolve('.local'), onProgress, cell, tenantsFile, onEnding, onEnded },
    async (stack) => {
      const { cloud, deployment, parts, receivers, context } = stack
      const { amqpUrl } = parts
      // Open it before the events are published, so that it shows them on their way.
      const busName = deployment['BusName'] ?? ''
      const removeArchive = endsByItself ? undefined : await archiveBus(cloud, busName, cell)
      const page = endsByItself ? undefined : await openConsole(stack, cell, tenantsFile)
      if (page) pages.push('the console')
      const onEnd = (entry: Parameters<typeof eventLine>[0]) => print(eventLine(entry), 4)
      try {
        // Before the first drain, which reads the interests in record events.
        if (events === undefined) await subscribeCaseReader(cloud, deployment)
        const messages = events === undefined ? sentNow(read, new Date()) : read
        const report = await runDemo(
          { cloud, deployment, amqpUrl, tenants, messages, receivers, onEnd },
          context,
        )
        if (events === undefined) {
          const { inboxUrl } = parts
          await showRecordEvents(
            { amqpUrl, inboxUrl, drain: () => drain(cloud, deployment) },
            context,
          )
          await showJavaEvent({ amqpUrl, inboxUrl, cloud, deployment }, context)
        }
        print(`\n${totalsLine(report)}\n\n${partitionsText(tenants)}\n`)
        for (const loss of losses(report)) print(loss)
        if (page) {
          pages.push('the page of inboxes')
          if (events === undefined) void remind(stack, messages)
          await stayUp(stack, page, ofProject)
        }
        return report.totals.lost === 0 ? 0 : 1
      } finally {
        await page?.close()
        if (parts.external.aws) await removeArchive?.()
      }
    },
  )
}

/** It comes while the stack stays up. Never rejects. */
async function remind(
  { parts, cloud, deployment, context }: Stack,
  samples: readonly SampleMessage[],
): Promise<void> {
  const { amqpUrl, inboxUrl } = parts
  try {
    await showReminder({ amqpUrl, inboxUrl, cloud, deployment, samples }, context)
  } catch (error) {
    if (!context.signal.aborted) terminal.print(errorText(error))
  }
}

/** Prints the addresses, and waits for the signal that ends the process. */
async function stayUp(
  { parts, receivers, mailboxes, deployment, context }: Stack,
  { url }: Console,
  ofProject: readonly string[],
): Promise<void> {
  const { awsEndpoint, amqpUrl, smtpUrl, inboxUrl: mailUrl } = parts
  const options = { awsEndpoint, amqpUrl, smtpUrl, receivers, cell, tenantsFile }
  const forgetRunning = keepRunning(context.stateDir, { options, ofProject })
  const forget = () => {
    rmSync(environmentFile, { force: true })
    forgetRunning()
  }
  // Also when a second signal ends the process at once.
  process.once('exit', forget)
  await writeEnvironment(environmentFile, {
    ...cloudEnvironment(parts.awsEndpoint),
    AMQP_URL: parts.amqpUrl,
    TENANTS_FILE: resolve(tenantsFile),
    PAYLOAD_BUCKET: deployment['PayloadBucketName'] ?? '',
    // As the local deployment has it: "subscriptions add" takes the address of Webhooks.
    WEBHOOK_ALLOW_PRIVATE: 'true',
  })
  const { webhookUrl } = receivers
  const inboxes = await startInboxes({ mailboxes, awsEndpoint, mailUrl, webhookUrl })
  terminal.print(
    [
      `Console     ${url}`,
      `Inboxes     ${inboxes.url}   (Telegram, push, SMS, chat, webhooks)`,
      `Mail inbox  ${mailUrl}   (JSON: ${mailUrl}/api/email)`,
      `RabbitMQ    ${amqpUrl}`,
      `Local AWS   ${awsEndpoint}`,
      `Report      ${join('.local', 'report.json')}`,
    ].join('\n'),
    12,
  )
  terminal.print(
    `
It stays up, and the bridge drains its queues every minute. In another terminal:

. ${environmentFile}
npx ecos-eventbridge dlq list
npx ecos-eventbridge subscriptions list --tenant acme
npm run publish-events -- test/fixtures/events-1.0.jsonl

# After a change of tenants.yml, a template or a function:
npx osls deploy

# What it would tell again; --again --run tells everybody:
npx ecos-eventbridge replay --tenant acme --since 1h --until now

Ctrl-C ends all of it.`,
  )
  const alive = setInterval(() => undefined, 60_000)
  if (!context.signal.aborted) await once(context.signal, 'abort')
  clearInterval(alive)
  forget()
  await inboxes.close()
}

/** Variables that the user's shell has already, such as credentials, are not written. */
async function writeEnvironment(file: string, variables: Record<string, string>): Promise<void> {
  const missing = Object.entries(variables).filter(([name, value]) => shell[name] !== value)
  const lines = missing.map(([name, value]) => `export ${name}='${value}'\n`)
  await writeFile(file, lines.join(''))
}
