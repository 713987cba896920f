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
  /** What was there already, and is left as it is. */
  external: { broker: boolean; aws: boolean }
  /** Ends all that was started. May be called again. */
  stop(): Promise<void>
}

export type PartsOptions = {
  /** Absolute path of `.local/`. */
  stateDir: string
  onProgress: Progress
  /** Gives the start up: what runs by then is stopped, and `startParts` throws the signal's reason. */
  signal?: AbortSignal
}

/** Starts the broker, the local AWS and the mail inbox side by side. All of them run, or none. */
export async function startParts(options: PartsOptions): Promise<Parts> {
  const { stateDir } = options
  const failure = new AbortController()
  const signal = AbortSignal.any([failure.signal, ...(options.signal ? [options.signal] : [])])
  const onProgress: Progress = (step) => {
    // A part that gives up because another failed is no failure of its own.
    if (step.state !== 'failed' || !signal.aborted) options.onProgress(step)
  }
  const onDeath = (error: EcosError) => failure.abort(error)
  const context: Context = { stateDir, onProgress, signal, onDeath }
  const started: { stop(): Promise<void> }[] = []
  // For an exit that does not wait for `stop`: a second Ctrl-C, or an error that nobody caught.
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

  // What a killed earlier run of this clone left behind.
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
    // The first failure: those after it are parts that gave up because of it.
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
