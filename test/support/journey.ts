import { resolve } from 'node:path'
import { readEventsFile, type SampleMessage } from '../../local/demo/events-file.ts'
import type { Entry } from '../../local/demo/ledger.ts'
import type { Report } from '../../local/demo/report.ts'
import { runDemo } from '../../local/demo/run.ts'
import { readTenants } from '../../local/demo/run-tenants.ts'
import type { Deployment } from '../../local/deploy.ts'
import type { Receivers } from '../../local/receivers/start.ts'
import { runningStack } from './stack.ts'

/** The context of the local stack's functions in a test: progress is not shown. */
export const quietContext = {
  stateDir: resolve('.local'),
  onProgress: () => undefined,
  signal: new AbortController().signal,
}

/**
 * Publishes messages on the running stack, and returns the way of each. Without receivers, users are
 * subscribed by e-mail only.
 */
export async function journey(
  messages: readonly SampleMessage[],
  deployment?: Deployment,
  receivers?: Receivers,
): Promise<Report> {
  const { receivers: _, ...stack } = runningStack()
  const tenants = await readTenants('test/fixtures/tenants.yml')
  const onEnd = (_: Entry) => undefined
  return runDemo(
    {
      ...stack,
      ...(deployment && { deployment }),
      ...(receivers && { receivers }),
      tenants,
      messages,
      onEnd,
    },
    quietContext,
  )
}

export const fixtures = () => readEventsFile('test/fixtures/events-1.0.jsonl')
