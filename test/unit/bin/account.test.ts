import { execFile } from 'node:child_process'
import { expect, it } from '@jest/globals'

/** The error of a command whose environment has no account, or only a part of one. */
function stderrOf(env: Record<string, string>, ...options: string[]): Promise<string> {
  const nowhere = { HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' }
  return new Promise((resolve) => {
    const path = { PATH: process.env['PATH'] }
    execFile(
      process.execPath,
      ['bin/main.ts', 'dlq', 'list', ...options],
      { env: { ...path, ...nowhere, ...env } },
      (_error, _stdout, stderr) => resolve(stderr),
    )
  })
}

it('a command that needs an account says in one line what the environment lacks', async () => {
  expect(await stderrOf({})).toMatch(/^No AWS region is set: set AWS_REGION.*\n$/)
  expect(await stderrOf({ AWS_REGION: 'eu-central-1' })).toMatch(
    /^No AWS credentials are set: set AWS_PROFILE.*\n$/,
  )
})

it('with AWS out of reach a command says so, and what to check', async () => {
  const env = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    // The discard port: nobody listens there.
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  }
  expect(JSON.parse(await stderrOf(env, '--json'))).toEqual({
    error: {
      code: 'aws-failed',
      message: expect.stringMatching(
        /^AWS does not answer \(.*ECONNREFUSED.*\): check the network/,
      ),
    },
  })
})

it('with --json the error has its code', async () => {
  expect(JSON.parse(await stderrOf({}, '--json'))).toEqual({
    error: { code: 'no-region', message: expect.stringMatching(/^No AWS region is set/) },
  })
})
