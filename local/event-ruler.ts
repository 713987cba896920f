import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findExecutable, run } from './commands.ts'
import type { Context } from './context.ts'
import { inStep } from './progress.ts'

/**
 * Installs Event Ruler, with which EventBridge matches events, into the state folder, where it is kept.
 *
 * @returns the folder of its jars; undefined if it can't be installed, or without Java
 */
export async function installEventRuler({
  stateDir,
  onProgress,
  signal,
}: Context): Promise<string | undefined> {
  const folder = join(stateDir, 'event-ruler-1.8.1')
  if (findExecutable('java') === undefined) return undefined
  if (existsSync(folder)) return folder
  const pom = join(import.meta.dirname, 'event-ruler', 'pom.xml')
  const args = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies']
  const logFile = join(stateDir, 'logs', 'event-ruler.log')
  try {
    await inStep(onProgress, 'Installing Event Ruler', () =>
      run('mvn', [...args, `-DoutputDirectory=${folder}`], { logFile, signal }),
    )
    return folder
  } catch {
    await rm(folder, { recursive: true, force: true })
    return undefined
  }
}
