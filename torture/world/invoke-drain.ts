import type { Context } from 'aws-lambda'
import { handler } from '../../functions/bridge-drain.ts'

// Invokes the drain's function once, as Lambda does, with a remaining time of the rig's choice.
const end = Date.now() + Number(process.env['REMAINING_MS'])
const context = {
  awsRequestId: 'torture',
  functionName: 'bridge-drain',
  getRemainingTimeInMillis: () => end - Date.now(),
} as Context
await handler({}, context).catch((error: unknown) => process.stdout.write(`${error}\n`))
process.exit(0)
