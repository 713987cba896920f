import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { takeLock } from '../../local/lock.ts'
import { eventually } from './stack.ts'

const exec = promisify(execFile)

/** A user's project with the package installed. */
export interface Project {
  readonly folder: string
  /** Runs a command there, with this project's tools on PATH. @returns its output */
  run(command: string, ...args: string[]): Promise<string>
  remove(): Promise<void>
}

/**
 * Packs the package as `npm publish` does, and installs it into a project outside this one: an empty
 * project, or a copy of a folder.
 */
export async function installPackage(from?: string): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'ecos-package-'))
  const project: Project = {
    folder,
    run: async (command, ...args) =>
      (await exec(command, args, { cwd: folder, env: environment() })).stdout,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
  try {
    if (from !== undefined) await cp(from, folder, { recursive: true })
    else await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
    await pack(folder)
    const { version } = JSON.parse(await readFile('package.json', 'utf8'))
    await npmInstall(project, `./ecos-eventbridge-${version}.tgz`)
    return project
  } catch (error) {
    await project.remove()
    throw error
  }
}

/** One at a time: it builds into dist, where another test file may be packing. */
async function pack(folder: string): Promise<void> {
  const lock = async () => {
    try {
      return takeLock('.local/pack')
    } catch {
      return undefined
    }
  }
  const release = await eventually(lock, (taken) => taken !== undefined, 280)
  try {
    await exec('npm', ['pack', '--silent', '--pack-destination', folder], { env: environment() })
  } finally {
    release?.()
  }
}

/** Development packages are linked from this project: the same versions, without a download. */
async function npmInstall({ folder, run }: Project, tarball: string): Promise<void> {
  const flags = [
    '--omit=dev',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--prefer-offline',
  ]
  await run('npm', 'install', '--silent', ...flags, tarball)
  for (const name of ['@types/node', 'esbuild']) {
    await symlink(resolve('node_modules', name), join(folder, 'node_modules', name))
  }
}

/** Without Node's options for Jest. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env
  return { ...rest, PATH: `${resolve('node_modules/.bin')}:${rest['PATH']}` }
}
