import { resolve } from 'node:path'
import { Command } from 'commander'
import { count } from '../../bin/commands/count.ts'
import { messageOf } from '../../lib/errors.ts'
import { withStack } from '../../local/stack.ts'
import { createTerminal } from '../../local/terminal.ts'
import { measureDue, tableOf } from './due.ts'

// npm run bench:due: a morning's digests, all due at the same moment.

const plan = new Command('npm run bench:due --')
  .description('Measures how long the digests that are due at one moment take to be queued')
  .option('--people <number>', 'how many people have a digest', count, 10_000)
  .option('--members <number>', 'notifications in each digest', count, 2)
  .option('--patience <seconds>', 'after which it gives up', count, 600)
  .parse()
  .opts<{ people: number; members: number; patience: number }>()
const terminal = createTerminal()

try {
  const options = {
    stateDir: resolve('.local'),
    onProgress: terminal.onProgress,
    cell: 'main',
    tenantsFile: 'test/fixtures/tenants.yml',
  }
  const due = await withStack(options, (stack) => measureDue(stack, plan, terminal.print))
  terminal.print(`\n${tableOf([due])}`)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}
