import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyTree } from '../tree.ts'
import { type Guard, guards } from './guards.ts'

/**
 * `npm run guards`: takes one guard after another out of a copy of the project, and runs the test that is to fail then. A
 * guard whose test does not fail fails the command.
 */
const tree = copyTree('guards')
let unnoticed = 0
try {
  for (const guard of guards) {
    const failed = await failuresWithout(guard)
    if (failed === 0) unnoticed += 1
    process.stdout.write(`${failed === 0 ? 'NOT NOTICED' : `${failed} fail`}  ${guard.what}\n`)
  }
} finally {
  tree.remove()
}
process.stdout.write(`${guards.length - unnoticed} of ${guards.length} guards are noticed\n`)
process.exitCode = unnoticed === 0 ? 0 : 1

/** @returns how many of its tests fail; none where they could not run */
async function failuresWithout({ file, guard, without, test }: Guard): Promise<number> {
  const path = join(tree.folder, file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(guard, () => without),
  )
  try {
    return await failuresOf(test)
  } finally {
    writeFileSync(path, text)
  }
}

async function failuresOf(test: string): Promise<number> {
  const outputFile = join(tree.folder, '.local', 'guards.json')
  rmSync(outputFile, { force: true })
  const options = ['--ci', '--json', '--outputFile', outputFile, '--selectProjects', 'unit']
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  const args = [...node, 'node_modules/jest/bin/jest.js', test, ...options]
  const child = spawn(process.execPath, args, { cwd: tree.folder, stdio: 'ignore' })
  await once(child, 'exit')
  if (!existsSync(outputFile)) return 0
  return JSON.parse(readFileSync(outputFile, 'utf8')).numFailedTests
}
