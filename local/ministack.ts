import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findExecutable, run, succeeds } from './commands.ts'
import type { Context } from './context.ts'
import { canInstallPackages, installPackage } from './debian.ts'
import { inStep } from './progress.ts'
import { markedEnvironment } from './survivors.ts'

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt')
/** MiniStack needs 3.10; `ensurepip` is what Debian leaves out of its plain Python. */
const CAN_MAKE_VENV = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'

/**
 * The Python of a virtual environment with MiniStack in it, made once and kept. Undefined where
 * there is no Python that could make one.
 */
export async function installMiniStack(context: Context): Promise<string | undefined> {
  const venv = join(context.stateDir, 'venv')
  const python = join(venv, 'bin', 'python')
  const installedFor = join(venv, 'requirements.sha256')
  const wanted = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
  const installed = await readFile(installedFor, 'utf8').catch(() => '')
  // A Python that the machine has replaced since leaves a dangling link.
  if (installed === wanted && existsSync(python)) return python

  const systemPython = await findPython(context)
  if (systemPython === undefined) return undefined
  await inStep(context.onProgress, 'Installing MiniStack', async () => {
    await rm(venv, { recursive: true, force: true })
    const options = {
      logFile: join(context.stateDir, 'logs', 'venv.log'),
      env: { ...process.env, ...markedEnvironment(context.stateDir) },
      signal: context.signal,
    }
    await run(systemPython, ['-m', 'venv', venv], options)
    const pip = ['-m', 'pip', 'install', '--no-deps', '--no-input', '--disable-pip-version-check']
    await run(python, [...pip, '--requirement', REQUIREMENTS], options)
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
