import type { EcosError } from '../lib/errors.ts'
import { startAws } from './aws.ts'
import { startBroker } from './broker.ts'
import type { Context } from './context.ts'
import { startMail } from './mail.ts'
import type { Progress } from './progress.ts'
import { endSurvivors, killSurvivors } from './survivors.ts'

export type Parts = {
  amqpUrl: string
  awsEndpoint: string
  smtpUrl: string
  inboxUrl: string
  /** Aborted when a part has ended by itself. */
  failed: AbortSignal
  /** Parts that ran before, which `stop` leaves running. */
  external: { broker: boolean; aws: boolean }
  /** Stops the parts that were started. It may be called more than once. */
  stop(): Promise<void>
}

export type PartsOptions = {
  /** Absolute path of `.local/`. */
  stateDir: string
  onProgress: Progress
  /** Calls the start off: `startParts` stops the parts that run, and throws the signal's reason. */
  signal?: AbortSignal
}

/** Starts the broker, the local AWS and the mail inbox in parallel. If one fails, the others are stopped. */
export async function startParts(options: PartsOptions): Promise<Parts> {
  const { stateDir } = options
  const failure = new AbortController()
  const signal = AbortSignal.any([failure.signal, ...(options.signal ? [options.signal] : [])])
  const onProgress: Progress = (step) => {
    // The failure of a part that was called off is not reported.
    if (step.state !== 'failed' || !signal.aborted) options.onProgress(step)
  }
  const onDeath = (error: EcosError) => failure.abort(error)
  const context: Context = { stateDir, onProgress, signal, onDeath }
  const started: { stop(): Promise<void> }[] = []
  // An exit that does not wait for `stop`: a second Ctrl-C, or an uncaught error.
  const onExit = () => void killSurvivors(stateDir)
  process.once('exit', onExit)
  const stop = once(async () => {
    await Promise.all(started.map((part) => part.stop()))
    await endSurvivors(stateDir)
    process.off('exit', onExit)
  })

  const start = async <P extends { stop(): Promise<void> }>(part: Promise<P>): Promise<P> => {
    try {
      const running = await part
      started.push(running)
      return running
    } catch (error) {
      failure.abort(error)
      throw error
    }
  }

  // Processes of an earlier run of this clone that was killed.
  await endSurvivors(stateDir)
  const results = await Promise.allSettled([
    start(startBroker(context)),
    start(startAws(context)),
    start(startMail(context)),
  ])
  const [broker, aws, mail] = results
  if (
    broker.status === 'rejected' ||
    aws.status === 'rejected' ||
    mail.status === 'rejected' ||
    signal.aborted
  ) {
    await stop()
    // The first failure: later ones are parts that it called off.
    throw signal.reason
  }
  return {
    amqpUrl: broker.value.amqpUrl,
    awsEndpoint: aws.value.awsEndpoint,
    smtpUrl: mail.value.smtpUrl,
    inboxUrl: mail.value.inboxUrl,
    failed: failure.signal,
    external: { broker: broker.value.external, aws: aws.value.external },
    stop,
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => {
    result ??= action()
    return result
  }
}
