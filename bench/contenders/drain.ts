import { benchTenants, measure, readJob, warmUpTenant } from '../job.ts'
import { declareBefore } from './declare-before.ts'
import { openDrain } from './open-drain.ts'

/** The bridge's drain, in a warm process. */
const job = readJob()
const { declare, drainAll } = await openDrain(job)

await declareBefore(job, declare)
await drainAll([warmUpTenant])
await measure(job, () => drainAll(benchTenants(job.tenants, job.queues, job.pools)))
