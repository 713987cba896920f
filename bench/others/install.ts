import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findExecutable, run } from '../../local/commands.ts'
import type { Context } from '../../local/context.ts'
import { inStep } from '../../local/progress.ts'
import { installPython } from '../../local/python.ts'

/** A program with its arguments, to which the job is added. */
export type Command = readonly [program: string, ...args: string[]]

const here = import.meta.dirname

/** @returns undefined without a Python that can make virtual environments */
export async function installPika(context: Context): Promise<Command | undefined> {
  const requirements = join(here, 'pika', 'requirements.txt')
  const python = await installPython(
    { name: 'pika and boto3', requirements, folder: 'venv-pika' },
    context,
  )
  return python === undefined ? undefined : [python, join(here, 'pika', 'bridge.py')]
}

/** @returns undefined without a Java compiler and Maven */
export async function installCamel({
  stateDir,
  onProgress,
  signal,
}: Context): Promise<Command | undefined> {
  if (!['java', 'javac', 'mvn'].every(findExecutable)) return undefined
  const folder = join(stateDir, 'camel-4.14.1')
  const jars = join(folder, 'jars', '*')
  const classes = join(folder, 'classes')
  if (!existsSync(folder)) {
    const options = { logFile: join(stateDir, 'logs', 'camel.log'), signal }
    const pom = join(here, 'camel', 'pom.xml')
    const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'jars')}`]
    await inStep(onProgress, 'Installing Camel', () =>
      run('mvn', ['-q', '-B', '-f', pom, ...copy], options),
    )
  }
  const source = join(here, 'camel', 'Bridge.java')
  const logFile = join(stateDir, 'logs', 'javac.log')
  await run('javac', ['-cp', jars, '-d', classes, source], { logFile, signal })
  return ['java', '-cp', `${classes}:${jars}`, 'Bridge']
}
