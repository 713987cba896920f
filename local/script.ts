import { Command } from 'commander'
import { exitCode } from '../bin/exit-code.ts'

/**
 * The command line of an npm script. As with the commands of operators, a wrong one ends with 2, so that a script can tell
 * it from a failure.
 *
 * @param name as in `npm run NAME`, or `start`
 */
export function createScript(name: string): Command {
  return new Command(name === 'start' ? 'npm start --' : `npm run ${name} --`).exitOverride((end) =>
    process.exit(end.exitCode === 0 ? exitCode.done : exitCode.usage),
  )
}
