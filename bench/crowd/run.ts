import { count } from '../../bin/commands/count.ts'
import { createScript } from '../../local/script.ts'
import { runOnStack } from '../stack/run-on-stack.ts'
import { measureCrowd, tableOf } from './crowd.ts'

// npm run bench:crowd: one event of so many people beside a neighbour's events.

const plan = createScript('bench:crowd')
  .description(
    'Measures how long the people of one event take to be told, and what neighbours wait',
  )
  .option('--people <number>', 'how many people the event names', count, 2_000)
  .option('--patience <seconds>', 'after which it gives up', count, 600)
  .parse()
  .opts<{ people: number; patience: number }>()

await runOnStack(async (stack, print) => tableOf([await measureCrowd(stack, plan, print)]))
