import { bundleFunctions } from './bundle.ts'

/** Serverless Framework plugin: bundles the functions whenever the service is packaged. */
export default class BundlePlugin {
  hooks = { 'before:package:createDeploymentArtifacts': bundleFunctions }
}
