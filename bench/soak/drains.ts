import { declareBefore } from '../contenders/declare-before.ts'
import { openDrain } from '../contenders/open-drain.ts'
import { benchTenants, readJob } from '../job.ts'

/** A warm drain function: drains at each message of its parent, and answers when it has. */
const job = readJob()
const tenants = benchTenants(job.tenants)
const { declare, drainAll } = await openDrain(job)
await declareBefore(job, declare)

process.on('message', async () => {
  await drainAll(tenants)
  process.send?.('drained')
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
