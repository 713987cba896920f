import { count, wholeNumber } from '../bin/commands/count.ts'
import { someOf } from '../local/options.ts'
import { createScript } from '../local/script.ts'
import { addToCorpus, readCorpus } from './corpus.ts'
import { Failure } from './target.ts'
import { targets } from './targets.ts'

const names = targets.map(({ name }) => name)
const options = createScript('fuzz')
  .description(
    'Makes inputs and checks what must hold. One that fails goes into the corpus, and the run with the seed that is printed plays it again',
  )
  .option('--runs <number>', 'inputs in all, the same number for each target', count, 100_000)
  .option('--seed <number>', 'of the inputs (default: by chance)', wholeNumber)
  .option(
    '--only <targets>',
    `with commas: ${names.join(', ')}`,
    someOf(() => names),
  )
  .parse()
  .opts<{ runs: number; seed?: number; only?: readonly string[] }>()
const seed = options.seed ?? Date.now() % 2 ** 31
const chosen = targets.filter(({ name }) => options.only?.includes(name) ?? true)
const runs = Math.ceil(options.runs / chosen.length)

process.stdout.write(`seed ${seed}, ${runs} inputs for each of ${chosen.length} targets\n`)
for (const { name, run } of chosen) {
  const since = performance.now()
  try {
    await run(runs, seed, readCorpus(name))
    const seconds = ((performance.now() - since) / 1000).toFixed(1)
    process.stdout.write(`✔ ${name}: ${runs} inputs in ${seconds} s\n`)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const file = addToCorpus(name, error.input)
    process.stdout.write(`✘ ${error.message}\n  added to ${file}\n`)
    process.exitCode = 1
  }
}
