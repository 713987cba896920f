import { join } from 'node:path'
import { withPlainErrors } from '../build/framework.ts'
import { updateRunTenants } from './demo/run-tenants.ts'
import { localParameters, type Parameters } from './parameters.ts'
import { findRunning, writeRunning } from './running.ts'

/**
 * The parameters of a deployment to the local AWS of `npm start`, whose tenants.yml is first brought up to the
 * project's.
 *
 * @param endpoint where the framework deploys to
 * @param project its folder
 * @returns undefined for any other AWS
 */
export function parametersByHand(
  endpoint: string,
  project: string,
): Promise<Parameters | undefined> {
  return withPlainErrors(async () => {
    const stateDir = join(project, '.local')
    const running = findRunning(stateDir)
    if (running?.options.awsEndpoint !== endpoint) return undefined
    const { options } = running
    const files = { from: 'tenants.yml', into: options.tenantsFile }
    const { ofProject } = updateRunTenants(files, running.ofProject)
    writeRunning(stateDir, { ...running, ofProject })
    return localParameters(options)
  })
}
