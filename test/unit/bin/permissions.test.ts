import { expect, it } from '@jest/globals'
import { permissionsCommand } from '../../../bin/commands/permissions.ts'

const good = {
  tenant: 'acme',
  rule: 'acme-statistics',
  account: '123456789012',
  region: 'eu-central-1',
  'payload-bucket': 'payloads',
  cell: 'main',
}

function run(over: Record<string, string>): string {
  let error = ''
  const command = permissionsCommand()
    .exitOverride()
    .configureOutput({
      writeErr(text) {
        error += text
      },
    })
  const args = Object.entries({ ...good, ...over }).map(([name, value]) => `--${name}=${value}`)
  expect(() => command.parse(args, { from: 'user' })).toThrow()
  return error
}

it.each([
  ['account', '12345', '12 digits'],
  ['account', '12345678901x', '12 digits'],
  ['tenant-account', 'arn:aws:iam::123456789012:root', '12 digits'],
  ['region', 'Frankfurt', 'eu-central-1'],
  ['region', 'eu-central-1a', 'eu-central-1'],
  ['tenant', '', 'not empty'],
  ['tenant', 'a\tb', 'no control characters'],
  ['tenant', 'x'.repeat(201), 'at most 200 characters'],
  ['cell', 'Main', 'a cell name'],
  ['payload-bucket', 'arn:aws:s3:::payloads', 'bucket'],
])('permissions refuses --%s %j, and says why', (option, value, why) => {
  const error = run({ [option]: value })
  expect(error).toContain(`--${option} <`)
  expect(error).toContain(why)
})
