import type { Plugin } from 'esbuild'

const namespace = 'credential-sources'

/**
 * Lambda hands a function its credentials in environment variables. The SDK's other sources of them, which it imports
 * when these are missing, stay out of the bundles, and with them its clients of SSO and STS.
 */
export const credentialSources: Plugin = {
  name: namespace,
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@(aws-sdk|smithy)\/credential-provider-/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: 'none', namespace } : undefined,
    )
    onLoad({ filter: /.*/, namespace }, () => ({ contents: refusal, resolveDir: process.cwd() }))
  },
}

/** The SDK's own error: to a queue-fed function it says that a service is unavailable. */
const refusal = `
import { CredentialsProviderError } from '@smithy/core/config'
const names = 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY'
throw new CredentialsProviderError('Missing environment variables: ' + names, { tryNextLink: false })
`
