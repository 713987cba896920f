import { expect, it } from '@jest/globals'
import { refuseLocalAws } from '../../../build/local-aws.ts'

const account = { archive: true, alarms: true }
const local = { archive: 'false', alarms: 'false' }

it.each(['http://127.0.0.1:4566', 'http://localhost:4566', 'http://[::1]:4566'])(
  "a deployment to %s with an account's settings says what to run instead",
  (endpoint) => {
    expect(() => refuseLocalAws(account, endpoint)).toThrow(
      expect.objectContaining({
        code: 'local-aws',
        message: expect.stringContaining('npm start'),
      }),
    )
    expect(() => refuseLocalAws({ ...local, alarms: true }, endpoint)).toThrow()
  },
)

it('a deployment to an account, or with local settings, goes on', () => {
  expect(() => refuseLocalAws(account, undefined)).not.toThrow()
  expect(() =>
    refuseLocalAws(account, 'https://vpce-1.sqs.eu-central-1.vpce.amazonaws.com'),
  ).not.toThrow()
  expect(() => refuseLocalAws(local, 'http://127.0.0.1:4566')).not.toThrow()
})
