import { count } from '../../bin/commands/count.ts'
import { createScript } from '../../local/script.ts'
import { runOnStack } from '../stack/run-on-stack.ts'
import { measureDue, tableOf } from './due.ts'

// npm run bench:due: a morning's digests, all due at the same moment.

const plan = createScript('bench:due')
  .description('Measures how long the digests that are due at one moment take to be queued')
  .option('--people <number>', 'how many people have a digest', count, 10_000)
  .option('--members <number>', 'notifications in each digest', count, 2)
  .option('--patience <seconds>', 'after which it gives up', count, 600)
  .parse()
  .opts<{ people: number; members: number; patience: number }>()

await runOnStack(async (stack, print) => tableOf([await measureDue(stack, plan, print)]))
