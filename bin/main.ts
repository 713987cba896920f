import { awsFailure } from '../lib/aws/aws-failure.ts'
import { waitLonger } from '../lib/aws/client.ts'
import { EcosError, messageOf } from '../lib/errors.ts'
import { note } from './commands/text.ts'
import { exitCodeOf } from './exit-code.ts'
import { speak } from './language.ts'
import { createProgram } from './program.ts'
import { errorText } from './say.ts'

// A reader may close the pipe early, as in `dlq show | head`. The command still finishes its work.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

let asJson = false
const program = (await createProgram(process.argv[2])).hook('preAction', (_, command) => {
  const { json, output } = command.opts()
  asJson = json === true || output === 'json'
  // Programs read these: they are the same in every language.
  if (asJson || output === 'yaml') speak('en')
  // The bridge has deadlines, and a page of the console is waited for.
  if (command.parent?.name() !== 'bridge' && command.name() !== 'console') waitLonger()
})

try {
  await program.parseAsync()
} catch (cause) {
  const error = awsFailure(cause) ?? cause
  process.exitCode = exitCodeOf(error)
  const code = error instanceof EcosError ? error.code : 'unexpected-error'
  note(asJson ? JSON.stringify({ error: { code, message: messageOf(error) } }) : errorText(error))
}
