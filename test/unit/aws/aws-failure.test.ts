import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb'
import { expect, it } from '@jest/globals'
import { awsFailure } from '../../../lib/aws/aws-failure.ts'

/** An error as the SDK throws it for a service's answer. */
function answered(name: string, fault: 'client' | 'server', message: string) {
  return new DynamoDBServiceException({ name, $fault: fault, message, $metadata: {} })
}

const aborted = Object.assign(new Error('Request aborted'), { name: 'AbortError' })

it.each([
  [
    answered(
      'AccessDeniedException',
      'client',
      'User: u is not authorized to perform: dynamodb:Query',
    ),
    [
      'access-denied',
      'User: u is not authorized to perform: dynamodb:Query: allow it for this identity',
    ],
  ],
  [
    answered('ExpiredTokenException', 'client', 'The security token is expired'),
    ['aws-failed', expect.stringContaining('renew the credentials, or log in again')],
  ],
  [
    answered('InternalServerError', 'server', 'Try later'),
    ['aws-failed', expect.stringContaining('try again')],
  ],
  [
    answered('ValidationException', 'client', 'A key is missing'),
    ['aws-failed', 'AWS refused the call (ValidationException: A key is missing)'],
  ],
  [
    Object.assign(new Error('getaddrinfo ENOTFOUND sqs.mars-1.amazonaws.com'), { $metadata: {} }),
    ['aws-failed', expect.stringContaining('AWS does not answer (getaddrinfo ENOTFOUND')],
  ],
  [aborted, ['aws-failed', expect.stringContaining('AWS does not answer (no answer in time)')]],
])('%s has a code, and says what to do', (error, expected) => {
  const failure = awsFailure(error)
  expect([failure?.code, failure?.message]).toEqual(expected)
  expect(failure?.cause).toBe(error)
})

it("an error that is not AWS's stays as it is", () => {
  expect(awsFailure(new TypeError('x is not a function'))).toBeUndefined()
  expect(awsFailure('text')).toBeUndefined()
})
