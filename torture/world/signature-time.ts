import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AwsCall } from './aws-link.ts'

/** Milliseconds: AWS takes a signature whose time is at most so far from its own. */
const longestSkew = 300_000

/** Whether AWS would refuse the request for its time, which the local AWS does not look at. */
export function isOutOfTime({ headers }: IncomingMessage): boolean {
  const basic = String(headers['x-amz-date'])
  const signedAt = Date.parse(basic.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'))
  return Math.abs(signedAt - Date.now()) > longestSkew
}

/** As the service's protocol has it. The answer's date tells the client the right time. */
export function refuseSignature(service: AwsCall['service'], response: ServerResponse): void {
  const isXml = service === 'S3' || service === 'SNS'
  response.writeHead(403, {
    'content-type': isXml ? 'application/xml' : 'application/x-amz-json-1.1',
  })
  response.end(
    isXml
      ? '<Error><Code>RequestTimeTooSkewed</Code><Message>Too skewed</Message></Error>'
      : JSON.stringify({ __type: 'InvalidSignatureException', message: 'Signature expired' }),
  )
}
