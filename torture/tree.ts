import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { RunReport } from './report.ts'

/** Programs that the local stack installs once: a copy uses those of this folder. */
const installed = ['venv', 'rabbitmq-4']

/** What is installed, made or kept beside the sources. */
const leftOut = new Set(['.git', '.local', '.serverless', 'coverage', 'dist', 'node_modules'])

/** What packaging need not bundle again in a copy, where the sources are the same. */
const bundled = ['dist/functions', 'dist/bundled.json']

/** A copy of the project in which a run has its own package, state and, perhaps, a planted defect. */
export interface Tree {
  readonly folder: string
  /** Runs the rig there. @returns its report; undefined if it could not finish */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<RunReport | undefined>
  remove(): void
}

/**
 * Applies a patch to the project in a folder.
 *
 * @throws if its lines are no longer there
 */
export function applyPatch(patch: string, folder: string, ...flags: readonly string[]): void {
  // Without a repository above it, git takes the folder's paths as they are in the patch.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(resolve(folder)) }
  execFileSync('git', ['apply', ...flags, resolve(patch)], { cwd: folder, env, stdio: 'pipe' })
}

/** @param patch path of a patch to apply to the copy */
export function copyTree(name: string, patch?: string): Tree {
  const folder = resolve('.local', 'torture', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const entry of readdirSync('.').filter((one) => !leftOut.has(one))) {
    cpSync(entry, join(folder, entry), { recursive: true })
  }
  for (const path of bundled.filter(existsSync)) {
    cpSync(path, join(folder, path), { recursive: true })
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  mkdirSync(join(folder, '.local'))
  for (const program of installed) {
    const home = resolve('.local', program)
    if (existsSync(home)) symlinkSync(home, join(folder, '.local', program))
  }
  if (patch !== undefined) applyPatch(patch, folder)
  return {
    folder,
    async run(args, env = process.env) {
      const report = join(folder, '.local', 'torture.json')
      rmSync(report, { force: true })
      const child = spawn(process.execPath, ['torture/run.ts', ...args], {
        ...{ cwd: folder, env, stdio: 'inherit' },
      })
      await once(child, 'exit')
      return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
