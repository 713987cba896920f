import { findExecutable, run, succeeds } from './commands.ts'
import type { Context } from './context.ts'
import { type Service, type ServiceOptions, startService } from './processes.ts'
import { inStep } from './progress.ts'

/** docker or podman, if it answers: a client alone, without its daemon, does not. */
export async function findEngine(): Promise<string | undefined> {
  for (const name of ['docker', 'podman']) {
    const path = findExecutable(name)
    if (path !== undefined && (await succeeds(path, ['ps', '--quiet']))) return path
  }
  return undefined
}

export type ContainerOptions = Pick<ServiceOptions, 'name' | 'logFile' | 'probe'> & {
  image: string
  /** The end of the container's name, unique to this run. */
  run: string
  /** Options of `docker run`, such as the ports. */
  options: string[]
}

/** Runs an image with the client as a child process; `stop` removes the container. */
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
    // A killed client leaves its container running.
    await remove()
    throw error
  }
}
