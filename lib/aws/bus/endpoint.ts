import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { getEndpointFromInstructions } from '@smithy/core/endpoints'
import { EcosError } from '../../errors.ts'

/**
 * The endpoint of PutEvents as the SDK resolves it: by region, `AWS_USE_FIPS_ENDPOINT`,
 * `AWS_USE_DUALSTACK_ENDPOINT` and `AWS_ENDPOINT_URL_EVENTBRIDGE`.
 */
export async function endpointOf({ config }: EventBridgeClient): Promise<URL> {
  const { url } = await getEndpointFromInstructions({}, PutEventsCommand, { ...config })
  return new URL(url)
}

/** `<endpoint id>.endpoint.events.<DNS suffix>`; an endpoint's id is `abcde.veo`. */
const globalEndpoint = /\.endpoint\.events\./

/**
 * Global endpoints take requests signed for several regions (Signature Version 4A) alone.
 *
 * @throws EcosError `global-endpoint`
 */
export async function refuseGlobalEndpoint(client: EventBridgeClient): Promise<void> {
  // An endpoint that can't be resolved is the first call's problem, which is repeated.
  const host = await endpointOf(client).then(
    ({ hostname }) => hostname,
    () => '',
  )
  if (!globalEndpoint.test(host)) return
  const problem = `${host} is a global endpoint of EventBridge, which is not supported`
  const advice =
    'leave AWS_ENDPOINT_URL_EVENTBRIDGE out, and set AWS_REGION to the region of the bus'
  throw new EcosError('global-endpoint', `${problem}: ${advice}`)
}
