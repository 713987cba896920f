import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findExecutable, logTail, run } from './commands.ts'
import type { Context } from './context.ts'
import { inStep } from './progress.ts'

/** Only root can install packages, and only Debian and its derivatives have apt. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && findExecutable('apt-get') !== undefined
}

/** Parts that start in parallel may each need a package; apt runs one command at a time. */
let previous: Promise<unknown> = Promise.resolve()

/**
 * Installs a Debian package. An abort does not end it: apt would leave the machine's packages half
 * installed.
 */
export function installPackage(name: string, context: Context): Promise<void> {
  const turn = previous.then(() => {
    context.signal.throwIfAborted()
    return inStep(context.onProgress, `Installing ${name} (Debian's package)`, () =>
      install(name, context.stateDir),
    )
  })
  previous = turn.catch(() => {})
  return turn
}

async function install(name: string, stateDir: string): Promise<void> {
  const path = await pathWithoutServices(stateDir)
  await apt(['update'], join(stateDir, 'logs', 'apt-update.log'))
  await apt(
    [
      'install',
      '--yes',
      '--no-install-recommends',
      ...['-o', 'DPkg::Lock::Timeout=300'],
      ...['-o', `DPkg::Path=${path}`],
      name,
    ],
    join(stateDir, 'logs', `apt-install-${name}.log`),
  )
}

/**
 * A package's scripts start its service through these two commands, and only its program is wanted:
 * dpkg gets a PATH on which they do nothing.
 */
async function pathWithoutServices(stateDir: string): Promise<string> {
  const folder = join(stateDir, 'no-services')
  await mkdir(folder, { recursive: true })
  for (const command of ['invoke-rc.d', 'deb-systemd-invoke']) {
    await writeFile(join(folder, command), '#!/bin/sh\nexit 0\n')
    await chmod(join(folder, command), 0o755)
  }
  return `${folder}:/usr/sbin:/usr/bin:/sbin:/bin`
}

const LOCK_ATTEMPTS = 60

/** Waits for the lock of the package lists, which DPkg::Lock::Timeout does not cover. */
async function apt(args: string[], logFile: string): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run('apt-get', args, { logFile, env })
    } catch (error) {
      const locked = logTail(logFile).includes('Could not get lock')
      if (!locked || attempt === LOCK_ATTEMPTS) throw error
      await sleep(2_000)
    }
  }
}
