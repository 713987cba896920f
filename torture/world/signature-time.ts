import type { IncomingMessage } from 'node:http'
import { errorAnswer } from './aws-errors.ts'
import type { AwsCall, Interference } from './aws-link.ts'

/** Milliseconds: AWS takes a signature whose time is at most so far from its own. */
const longestSkew = 300_000

/** Whether AWS would refuse the request for its time, which the local AWS does not look at. */
function isOutOfTime({ headers }: IncomingMessage): boolean {
  const basic = String(headers['x-amz-date'])
  const signedAt = Date.parse(basic.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'))
  return Math.abs(signedAt - Date.now()) > longestSkew
}

/** As the service's protocol has it. The answer's date tells the client the right time. */
export function refuseSignature(
  request: IncomingMessage,
  service: AwsCall['service'],
): Interference | undefined {
  if (!isOutOfTime(request)) return undefined
  const code = service === 'S3' ? 'RequestTimeTooSkewed' : 'InvalidSignatureException'
  return errorAnswer(service, 403, code, 'Signature expired')
}
