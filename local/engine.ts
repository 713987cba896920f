import { findExecutable, run, succeeds } from './commands.ts'
import type { Context } from './context.ts'
import { type Service, type ServiceOptions, startService } from './processes.ts'
import { inStep } from './progress.ts'

/** docker or podman, whichever answers: a client without its daemon is no engine. */
export async function findEngine(): Promise<string | undefined> {
  for (const name of ['docker', 'podman']) {
    const path = findExecutable(name)
    if (path !== undefined && (await succeeds(path, ['ps', '--quiet']))) return path
  }
  return undefined
}

export type ContainerOptions = Pick<ServiceOptions, 'name' | 'logFile' | 'probe'> & {
  image: string
  /** The part of the container's name that is unique to this run. */
  run: string
  /** Options of `docker run`, such as the ports. */
  options: string[]
}

/** Runs an image, its client as our child, and removes the container when that is stopped. */
export async function startContainer(
  engine: string,
  container: ContainerOptions,
  context: Context,
): Promise<Service> {
  const { image, options, run: unique, ...service } = container
  const { onProgress, signal } = context
  await inStep(onProgress, `Fetching the image ${image}`, async () => {
    const present = await succeeds(engine, ['image', 'inspect', image])
    if (!present) await run(engine, ['pull', image], { logFile: service.logFile, signal })
  })
  const name = `ecos-eventbridge-${unique}`
  const remove = () => succeeds(engine, ['rm', '--force', '--volumes', name])
  try {
    const client = await startService(
      {
        ...service,
        command: engine,
        args: ['run', '--rm', '--name', name, ...options, image],
        readyWithinMs: 60_000,
      },
      context,
    )
    return { stop: () => client.stop().then(async () => void (await remove())) }
  } catch (error) {
    // A client that was ended by force leaves its container.
    await remove()
    throw error
  }
}
