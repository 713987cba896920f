import { bundleFunctions } from './bundle.ts'
import { withPlainErrors } from './framework.ts'
import { bundleTemplates } from './templates.ts'

/** Serverless Framework plugin: bundles functions and templates when the service is packaged. */
export default class BundlePlugin {
  constructor(serverless) {
    this.hooks = {
      'before:package:createDeploymentArtifacts': async () => {
        await withPlainErrors(() => bundleTemplates(serverless.service.custom.settings))
        await bundleFunctions()
      },
    }
  }
}
