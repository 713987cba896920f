import type { AwsCall, Interference } from './aws-link.ts'

/** An error in the form of the service's protocol. */
export function errorAnswer(
  service: AwsCall['service'],
  status: number,
  code: string,
  message = 'The rig',
): Interference {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
  switch (service) {
    case 'S3':
      return { kind: 'answer', status, type: 'application/xml', body: error }
    case 'SNS': {
      const body = `<ErrorResponse>${error}</ErrorResponse>`
      return { kind: 'answer', status, type: 'text/xml', body }
    }
    default:
      return { kind: 'answer', status, body: JSON.stringify({ __type: code, message }) }
  }
}
