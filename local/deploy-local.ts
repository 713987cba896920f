import { resolve } from 'node:path'
import { errorText } from '../bin/say.ts'
import { connectCloud } from './cloud.ts'
import { deploy } from './deploy.ts'
import { readRunning } from './running.ts'
import { createTerminal } from './terminal.ts'

// npm run deploy-local: deploys to the stack that `npm start` runs. osls-plugin.js brings its tenants up to tenants.yml.

const terminal = createTerminal()
try {
  const { options } = readRunning(resolve('.local'))
  const { signal } = new AbortController()
  const context = { stateDir: resolve('.local'), onProgress: terminal.onProgress, signal }
  await deploy(connectCloud(options.awsEndpoint), options, context)
} catch (error) {
  process.stderr.write(`${errorText(error)}\n`)
  process.exitCode = 1
} finally {
  terminal.close()
}
