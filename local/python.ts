import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { findExecutable, run, succeeds } from './commands.ts'
import type { Context } from './context.ts'
import { canInstallPackages, installPackage } from './debian.ts'
import { inStep } from './progress.ts'
import { markedEnvironment } from './survivors.ts'

/** A Python program and the file of its pinned requirements; `folder` is below the state folder. */
export type PythonProgram = { name: string; requirements: string; folder: string }

export const miniStack: PythonProgram = {
  name: 'MiniStack',
  requirements: 'requirements.txt',
  folder: 'venv',
}

/** Checks a CloudFormation template against the schemas of its resources, without an account. */
export const cfnLint: PythonProgram = {
  name: 'cfn-lint',
  requirements: 'requirements-cfn-lint.txt',
  folder: 'venv-cfn-lint',
}

/** A local AWS beside MiniStack, for a second opinion on the packaged template. */
export const moto: PythonProgram = {
  name: 'moto',
  requirements: 'requirements-moto.txt',
  folder: 'venv-moto',
}

/** Checks the IAM policies that are written for tenants. */
export const parliament: PythonProgram = {
  name: 'parliament',
  requirements: 'requirements-parliament.txt',
  folder: 'venv-parliament',
}

/** The programs need Python 3.10. Debian's plain Python lacks `ensurepip`. */
const CAN_MAKE_VENV = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'

/**
 * Installs the program into a virtual environment, which is kept.
 *
 * @returns the environment's Python; undefined if the machine has no Python that can create one
 */
export async function installPython(
  { name, requirements, folder }: PythonProgram,
  context: Context,
): Promise<string | undefined> {
  const file = resolve(import.meta.dirname, requirements)
  const venv = join(context.stateDir, folder)
  const python = join(venv, 'bin', 'python')
  const installedFor = join(venv, 'requirements.sha256')
  const wanted = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  const installed = await readFile(installedFor, 'utf8').catch(() => '')
  // An upgrade of the machine's Python leaves a dangling link.
  if (installed === wanted && existsSync(python)) return python

  const systemPython = await findPython(context)
  if (systemPython === undefined) return undefined
  await inStep(context.onProgress, `Installing ${name}`, async () => {
    await rm(venv, { recursive: true, force: true })
    const options = {
      logFile: join(context.stateDir, 'logs', `${folder}.log`),
      env: { ...process.env, ...markedEnvironment(context.stateDir) },
      signal: context.signal,
    }
    await run(systemPython, ['-m', 'venv', venv], options)
    const pip = ['-m', 'pip', 'install', '--no-deps', '--no-input', '--disable-pip-version-check']
    await run(python, [...pip, '--requirement', file], options)
    await writeFile(installedFor, wanted)
  })
  return python
}

async function findPython(context: Context): Promise<string | undefined> {
  const python = await usablePython()
  if (python !== undefined || !canInstallPackages()) return python
  await installPackage('python3-venv', context)
  return usablePython()
}

/** Debian's own counts too when the first on PATH is another one, without what a venv needs. */
async function usablePython(): Promise<string | undefined> {
  for (const python of [findExecutable('python3'), '/usr/bin/python3']) {
    if (python !== undefined && (await succeeds(python, ['-c', CAN_MAKE_VENV]))) return python
  }
  return undefined
}
