import { bundleFunctions } from './bundle.ts'
import { tellingWhy } from './framework.ts'
import { bundleTemplates } from './templates.ts'

/** Serverless Framework plugin: bundles functions and templates whenever the service is packaged. */
export default class BundlePlugin {
  constructor(serverless) {
    this.hooks = {
      'before:package:createDeploymentArtifacts': async () => {
        await tellingWhy(() => bundleTemplates(serverless.service.custom.settings))
        await bundleFunctions()
      },
    }
  }
}
