import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { createScript } from './script.ts'

// `npm run mutation`: changes the sources one place at a time, and tells which changes no unit test notices.

/**
 * Stryker is not among the project's packages: it is installed once, into `.local/stryker`.
 */
const strykerVersion = '10.0.0'
const home = resolve('.local/stryker')
const stryker = `${home}/node_modules/@stryker-mutator/core/bin/stryker.js`
const script = createScript('mutation')
  .description(
    'Changes the sources one place at a time, and tells which changes no unit test notices',
  )
  .argument('<paths...>', 'folders or files of lib')
  .option('--quick', 'leaves out what runs at import', false)
  .option('--tests <folder>', 'also the tests of this folder; may be repeated', addTo, [])
  .parse()
const { quick: isQuick, tests: more } = script.opts<{ quick: boolean; tests: string[] }>()
const targets = script.args
const wrong = targets.filter((target) => !(target.startsWith('lib/') && existsSync(target)))
if (wrong.length > 0) script.error(`${wrong.join(' and ')}: no folder or file of lib`)
if (!existsSync(stryker)) install()

const name = targets.join('+').replaceAll('/', '-').slice(0, 100)
const report = resolve(`.local/mutation/${name}.json`)
mkdirSync('.local/mutation', { recursive: true })
const configuration = `.local/mutation/${name}.config.json`
writeFileSync(configuration, JSON.stringify(configurationFor(targets), undefined, 2))
const { status } = spawnSync(process.execPath, [stryker, 'run', configuration], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1

function configurationFor(mutated: readonly string[]) {
  return {
    testRunner: 'in-process',
    plugins: [resolve('local/mutation/runner.mjs')],
    inProcess: { testFiles: testsFor(mutated) },
    mutate: sourcesIn(mutated),
    coverageAnalysis: 'perTest',
    // What runs at import is loaded again for each mutant, which takes seconds, and stays in memory.
    ignoreStatic: isQuick,
    maxTestRunnerReuse: 400,
    // Most texts are messages for people.
    mutator: { excludedMutations: ['StringLiteral'] },
    concurrency: 1,
    // Stryker would read tsconfig.json with an API that TypeScript 7 does not have.
    tsconfigFile: 'none.json',
    disableTypeChecks: false,
    tempDirName: '.local/stryker-tmp',
    ignorePatterns: ['/.local', '/.serverless', '/bench', '/dist'],
    reporters: ['progress-append-only', 'clear-text', 'json'],
    jsonReporter: { fileName: report },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: 90, low: 85, break: null },
    timeoutMS: 10_000,
  }
}

/**
 * The unit tests of a folder; for a file those of its folder that import it. And those that have the name of a mutated
 * file. Those that mock modules, other than the waits of Node.js, need Jest itself.
 */
function testsFor(mutated: readonly string[]): string[] {
  const names = new Set(sourcesIn(mutated).map((source) => basename(source, '.ts')))
  const isOf = (target: string, file: string, text: string) =>
    (file.startsWith(`test/unit/${target.split('/')[1]}/`) &&
      (!target.endsWith('.ts') || text.includes(`/${target}'`))) ||
    // Frames by the specification's own layout come from the fuzz targets.
    (target.startsWith('lib/amqp') && file === 'test/unit/fuzz.test.ts')
  return globSync('test/unit/**/*.test.ts')
    .filter((file) => {
      const text = readFileSync(file, 'utf8')
      const isNear =
        mutated.some((target) => isOf(target, file, text)) ||
        more.some((folder) => file.startsWith(folder))
      const needsJest = /jest\.unstable_mockModule\((?!'node:timers\/promises')/.test(text)
      return (isNear || names.has(basename(file, '.test.ts'))) && !needsJest
    })
    .sort()
}

function sourcesIn(mutated: readonly string[]): string[] {
  return mutated.flatMap((target) =>
    globSync(target.endsWith('.ts') ? target : `${target}/**/*.ts`),
  )
}

function install(): void {
  mkdirSync(home, { recursive: true })
  writeFileSync(`${home}/package.json`, '{"private":true}')
  const packages = [`@stryker-mutator/core@${strykerVersion}`]
  const args = [
    'install',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--prefix',
    home,
    ...packages,
  ]
  const { status: installed } = spawnSync('npm', args, { stdio: 'inherit' })
  if (installed !== 0) process.exit(1)
}

function addTo(folder: string, folders: readonly string[]): readonly string[] {
  if (existsSync(folder)) return [...folders, folder]
  throw new InvalidArgumentError('There is no such folder.')
}
