import type { Context } from 'aws-lambda'
import { handler } from '../../functions/bridge-drain.ts'

// Invokes the drain function once, as Lambda does, and prints its answer on the last line.
const remaining = Number(process.env['REMAINING_MS'] ?? 58_000)
const deadline = Date.now() + remaining
setTimeout(() => {
  process.stderr.write('Task timed out\n')
  process.exit(1)
}, remaining)
const context = {
  awsRequestId: 'test',
  functionName: 'bridge-drain',
  getRemainingTimeInMillis: () => deadline - Date.now(),
} as Context
const report = await handler({}, context)
process.stdout.write(`${JSON.stringify(report)}\n`)
process.exit(0)
