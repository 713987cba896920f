import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '../../lib/errors.ts'
import { withStack } from '../../local/stack.ts'
import { createTerminal } from '../../local/terminal.ts'
import { measureCrowd, tableOf } from './crowd.ts'

/** `npm run bench:crowd -- --people 10000`: one event of so many people beside a neighbour's events. */
const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '2000' },
    /** Seconds after which the crowd's time is up. */
    patience: { type: 'string', default: '600' },
  },
})
const terminal = createTerminal()

try {
  const options = {
    stateDir: resolve('.local'),
    onProgress: terminal.onProgress,
    cell: 'main',
    tenantsFile: 'test/fixtures/tenants.yml',
  }
  const plan = { people: Number(values.people), patience: Number(values.patience) }
  const crowd = await withStack(options, (stack) => measureCrowd(stack, plan, terminal.print))
  terminal.print(tableOf([crowd]))
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}
