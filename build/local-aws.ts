import { EcosError } from '../lib/errors.ts'

/**
 * Refuses to deploy to a local AWS with the settings of an account: MiniStack has neither archives nor
 * alarms on metric math, and the channels would call the real providers.
 *
 * @throws EcosError `local-aws`
 */
export function refuseLocalAws(
  { archive, alarms }: { readonly archive?: unknown; readonly alarms?: unknown },
  endpoint: string | undefined,
): void {
  if (endpoint === undefined || !/^https?:\/\/(127\.|localhost\b|\[::1\])/.test(endpoint)) return
  if (isOff(archive) && isOff(alarms)) return
  throw new EcosError(
    'local-aws',
    `AWS_ENDPOINT_URL is a local AWS (${endpoint}): deploy to the one of npm start with npm run deploy-local; for an account unset AWS_ENDPOINT_URL; for another local AWS add --param archive=false --param alarms=false`,
  )
}

/** A parameter of the command line is a string. */
function isOff(setting: unknown): boolean {
  return String(setting) === 'false'
}
