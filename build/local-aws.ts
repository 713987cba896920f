import { EcosError } from '../lib/errors.ts'

/**
 * Refuses to deploy to a local AWS with the settings of an account: MiniStack has neither archives nor
 * alarms on metric math, and the channels would call the real providers. At the one of `npm start` the plugin of
 * local/ has set them.
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
    `No local stack of this clone runs at AWS_ENDPOINT_URL (${endpoint}): start it with npm start and read .local/env again; for an account unset AWS_ENDPOINT_URL; for another local AWS add --param archive=false --param alarms=false`,
  )
}

/** A parameter of the command line is a string. */
function isOff(setting: unknown): boolean {
  return String(setting) === 'false'
}
