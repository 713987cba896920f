import { join } from 'node:path'
import { applyTenants, refuseEmptyCell, refuseFullBus } from './apply-tenants.ts'
import { bundleFunctions } from './bundle-functions.ts'
import { withPlainErrors } from './framework.ts'
import { refuseLocalAws } from './local-aws.ts'
import { bundleTemplates } from './templates.ts'
import { zipFunctions } from './zip.ts'

/**
 * Serverless Framework plugin: bundles and zips functions and templates when the service is packaged, and
 * applies tenants.yml when it is deployed.
 */
export default class BundlePlugin {
  constructor(serverless, _options, { log }) {
    this.hooks = {
      'before:package:createDeploymentArtifacts': async () => {
        await withPlainErrors(() => bundleTemplates(serverless.service.custom.settings))
        await bundleFunctions()
        await zipFunctions(serverless.service.functions, join(serverless.serviceDir, '.serverless'))
      },
      initialize: () =>
        withPlainErrors(async () => {
          if (serverless.processedInput.commands[0] !== 'deploy') return
          refuseLocalAws(serverless.service.custom.settings, process.env.AWS_ENDPOINT_URL)
        }),
      'before:deploy:deploy': () =>
        withPlainErrors(async () => {
          const { settings } = serverless.service.custom
          const provider = serverless.getProvider('aws')
          await refuseEmptyCell(settings, provider)
          await refuseFullBus(settings, provider)
        }),
      'after:deploy:deploy': async () => {
        const provider = serverless.getProvider('aws')
        const { settings } = serverless.service.custom
        log.notice(await withPlainErrors(() => applyTenants(settings, provider)))
      },
    }
  }
}
