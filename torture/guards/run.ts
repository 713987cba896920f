import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createScript } from '../../local/script.ts'
import { copyTree } from '../tree.ts'
import { type Guard, guards } from './guards.ts'

/** What became of the test without its guard: how many failed, or that it ended before it could tell. */
type Outcome = number | 'did not run'

// `npm run guards`: takes one guard after another out of a copy of the project, and runs the test that is to fail then.
// A guard whose test does not fail, or does not run, fails the command.

const command = createScript('guards')
  .description('Takes out what separates tenants, one guard after another: a test has to fail')
  .argument('[text]', 'only guards whose description or file contains this', '')
  .parse()
const [text = ''] = command.args
const chosen = guards.filter(({ what, file }) => `${what} ${file}`.includes(text))
if (chosen.length === 0) command.error(`No guard's description or file contains "${text}"`)

const tree = copyTree('guards')
let noticed = 0
try {
  for (const guard of chosen) {
    const outcome = await outcomeWithout(guard)
    if (outcome !== 'did not run' && outcome > 0) noticed += 1
    process.stdout.write(`${nameOf(outcome, guard)}  ${guard.what}\n`)
  }
} finally {
  tree.remove()
}
process.stdout.write(`${noticed} of ${chosen.length} guards are noticed\n`)
process.exitCode = noticed === chosen.length ? 0 : 1

function nameOf(outcome: Outcome, { test }: Guard): string {
  if (outcome === 'did not run') return `${test} DID NOT RUN`
  return outcome === 0 ? 'NOT NOTICED' : `${outcome} fail`
}

async function outcomeWithout({ file, guard, without, test }: Guard): Promise<Outcome> {
  const path = join(tree.folder, file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(guard, () => without),
  )
  try {
    return await outcomeOf(test)
  } finally {
    writeFileSync(path, text)
  }
}

async function outcomeOf(test: string): Promise<Outcome> {
  const outputFile = join(tree.folder, '.local', 'guards.json')
  rmSync(outputFile, { force: true })
  const options = ['--ci', '--json', '--outputFile', outputFile, '--selectProjects', 'unit']
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  const args = [...node, 'node_modules/jest/bin/jest.js', test, ...options]
  const child = spawn(process.execPath, args, { cwd: tree.folder, stdio: 'ignore' })
  await once(child, 'exit')
  if (!existsSync(outputFile)) return 'did not run'
  const { numFailedTests, numTotalTests } = JSON.parse(readFileSync(outputFile, 'utf8'))
  return numTotalTests === 0 ? 'did not run' : numFailedTests
}
