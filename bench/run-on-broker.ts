import { resolve } from 'node:path'
import { messageOf } from '../lib/errors.ts'
import { type Broker, startBroker } from '../local/broker.ts'
import type { Context } from '../local/context.ts'
import { takeLock } from '../local/lock.ts'
import { onShutdown } from '../local/shutdown.ts'
import { endSurvivors } from '../local/survivors.ts'
import { createTerminal } from '../local/terminal.ts'

/** What a measurement at a broker works with. */
export interface Bench extends Context, Pick<Broker, 'amqpUrl' | 'control'> {
  readonly print: (text: string) => void
}

/** Runs a measurement at a RabbitMQ of its own, and ends what it started. */
export async function runOnBroker(measure: (bench: Bench) => Promise<void>): Promise<void> {
  const stateDir = resolve('.local')
  const { onProgress, print, close } = createTerminal()
  const context = { stateDir, onProgress, signal: new AbortController().signal }
  try {
    await withBroker(context, (amqpUrl, control) =>
      measure({ ...context, amqpUrl, ...(control && { control }), print }),
    )
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`)
    process.exitCode = 1
  } finally {
    close()
  }
}

/** Starts a RabbitMQ for the work, and ends it. */
export async function withBroker(
  context: Context,
  work: (amqpUrl: string, control: Broker['control']) => Promise<void>,
): Promise<void> {
  const { stateDir } = context
  const releaseLock = takeLock(stateDir)
  const { amqpUrl, control, stop } = await startBroker(context)
  const end = async () => {
    await stop()
    await endSurvivors(stateDir)
    releaseLock()
  }
  const callOff = onShutdown(end)
  try {
    await work(amqpUrl, control)
  } finally {
    await end()
    callOff()
  }
}
