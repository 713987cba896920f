import { parseArgs } from 'node:util'
import { addToCorpus, readCorpus } from './corpus.ts'
import { Failure } from './target.ts'
import { targets } from './targets.ts'

/**
 * `npm run fuzz [-- --runs N] [--seed S] [--only TARGET,…]`: so many inputs in all, the same number for each
 * target. An input that fails goes into the corpus, and the run with the seed that is printed plays it again.
 */
const options = {
  runs: { type: 'string', default: '100000' },
  seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  only: { type: 'string' },
} as const
const { values } = parseArgs({ options })
const names = values.only?.split(',')
const chosen = targets.filter(({ name }) => names?.includes(name) ?? true)
const runs = Math.ceil(Number(values.runs) / chosen.length)
if (chosen.length === 0 || !(runs > 0)) {
  process.stderr.write(`--only takes: ${targets.map(({ name }) => name).join(', ')}\n`)
  process.exit(2)
}

process.stdout.write(`seed ${values.seed}, ${runs} inputs for each of ${chosen.length} targets\n`)
for (const { name, run } of chosen) {
  const since = performance.now()
  try {
    await run(runs, Number(values.seed), readCorpus(name))
    const seconds = ((performance.now() - since) / 1000).toFixed(1)
    process.stdout.write(`✔ ${name}: ${runs} inputs in ${seconds} s\n`)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const file = addToCorpus(name, error.input)
    process.stdout.write(`✘ ${error.message}\n  added to ${file}\n`)
    process.exitCode = 1
  }
}
