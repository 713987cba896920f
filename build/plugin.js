import { bundleFunctions } from './bundle.ts'
import { bundleTemplates } from './templates.ts'

/** Serverless Framework plugin: bundles functions and templates whenever the service is packaged. */
export default class BundlePlugin {
  constructor(serverless) {
    this.hooks = {
      'before:package:createDeploymentArtifacts': async () => {
        await bundleTemplates(serverless.service.custom.settings)
        await bundleFunctions()
      },
    }
  }
}
