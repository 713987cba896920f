import { messageOf } from '../../lib/errors.ts'

// A process that runs a function's bundle as Lambda does, one invocation after another: `node invoked.ts <bundle>`.

const [, , bundle = ''] = process.argv
const before = process.cpuUsage()
const { handler } = await import(bundle)
process.send?.({ cpu: since(before) })

process.on('message', async (event) => {
  const start = process.cpuUsage()
  const from = performance.now()
  const deadline = Date.now() + 30_000
  const context = {
    functionName: 'bench',
    awsRequestId: 'bench',
    getRemainingTimeInMillis: () => deadline - Date.now(),
  }
  try {
    const { batchItemFailures } = await handler(event, context)
    const milliseconds = performance.now() - from
    process.send?.({ cpu: since(start), milliseconds, failed: batchItemFailures.length })
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`)
    process.exit(1)
  }
})

process.once('disconnect', () => process.exit())

/** Milliseconds of CPU. */
function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
