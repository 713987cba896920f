import { resolve } from 'node:path'
import { messageOf } from '../lib/errors.ts'
import { connectCloud } from './cloud.ts'
import { readTenants, writeTenants } from './demo/run-tenants.ts'
import { deploy } from './deploy.ts'
import { readRunning } from './running.ts'
import { createTerminal } from './terminal.ts'

// npm run deploy-local: deploys to the stack that `npm start` runs, with tenants.yml as it is now.

const terminal = createTerminal()
try {
  const options = await readRunning(resolve('.local'))
  const tenants = await readTenants('tenants.yml')
  // The tenants that only the published messages named stay.
  const ids = new Set(tenants.map(({ id }) => id))
  const met = (await readTenants(options.tenantsFile)).filter(({ id }) => !ids.has(id))
  await writeTenants(options.tenantsFile, [...tenants, ...met])
  const { signal } = new AbortController()
  const context = { stateDir: resolve('.local'), onProgress: terminal.onProgress, signal }
  await deploy(connectCloud(options.awsEndpoint), options, context)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}
