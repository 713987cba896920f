import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, posix, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'

// It builds the command.
jest.setTimeout(300_000)

const run = promisify(execFile)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecos-image-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The COPY lines of a stage in the Containerfile. */
function copiesOf(stage: string): { from: string; to: string }[] {
  return [...stage.matchAll(/^COPY (?:--from=\S+ )?(.+) (\S+)$/gm)].flatMap(([, sources, to]) =>
    (sources ?? '').split(' ').map((from) => ({ from, to: to ?? '' })),
  )
}

async function copyInto(root: string, from: string, to: string): Promise<void> {
  const target = to.endsWith('/') ? posix.join(to, posix.basename(from)) : to
  await mkdir(resolve(root, target, '..'), { recursive: true })
  await cp(from, resolve(root, target), { recursive: true })
}

it('contains everything that the command needs', async () => {
  const [, build = '', image = ''] = (await readFile('docs/deploy/Containerfile', 'utf8')).split(
    /^FROM .*$/m,
  )
  const [source, app] = [join(folder, 'src'), join(folder, 'app')]
  for (const { from, to } of copiesOf(build)) await copyInto(source, from, to)
  await symlink(resolve('node_modules'), join(source, 'node_modules'))
  const [, script = ''] = build.match(/^RUN npm run (\S+)/m) ?? []
  await run('npm', ['run', script], { cwd: source })

  for (const { from, to } of copiesOf(image)) {
    const built = from.replace(/^\/src/, source)
    if (from.endsWith('/node_modules')) await symlink(resolve('node_modules'), join(app, to))
    else await copyInto(app, built, to)
  }
  const [, entry = ''] = image.match(/^ENTRYPOINT \["node", "(.+)"\]$/m) ?? []
  const command = run(process.execPath, [entry, 'bridge', 'run'], { cwd: app, env: {} })
  await expect(command).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Missing environment variables: AMQP_URL, .*\n$/),
  })
})
