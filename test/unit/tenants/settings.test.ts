import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { channelNames } from '../../../lib/channels/channel.ts'
import { retryPolicyOf } from '../../../lib/tenants/template/channel.ts'
import { parseSettings } from '../../../lib/tenants/template/settings.ts'

/** `custom.settings` of serverless.yml with its default parameters. */
function settings(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  const text = readFileSync('serverless.yml', 'utf8').replaceAll('$' + '{sls:stage}', 'main')
  const { params } = parse(text, { logLevel: 'silent' })
  const parameters = { ...params.default, ...overrides }
  const resolved = text.replaceAll(/\$\{param:(\w+)\}/g, (_, name) =>
    JSON.stringify(parameters[name]),
  )
  return parse(resolved, { logLevel: 'silent' }).custom.settings
}

describe('parseSettings', () => {
  it('accepts the settings of serverless.yml', () => {
    expect(parseSettings(settings())).toMatchObject({
      cell: 'main',
      maxReceiveCount: 120,
      handlerTries: 5,
    })
  })

  it.each([
    [{ dataDeletionPolicy: 'Keep' }, 'dataDeletionPolicy'],
    [{ tenantsFile: '../tenants.yml' }, 'tenantsFile: is not a path inside the folder'],
    [{ tenantsFile: '/etc/tenants.yml' }, 'tenantsFile: is not a path inside the folder'],
    [{ deletionProtection: 'perhaps' }, 'deletionProtection'],
    [{ drainSubnetIds: 'subnet-1a' }, 'drainSecurityGroupIds: goes together with drainSubnetIds'],
    [{ drainSubnetIds: 'vpc-1a', drainSecurityGroupIds: 'sg-1' }, 'drainSubnetIds.0: is not an id'],
  ])('refuses %j', (overrides, problem) => {
    expect(() => parseSettings(settings(overrides))).toThrow(problem)
  })

  it('refuses a time to live that outlasts the queue', () => {
    const { channels, ...rest } = settings() as { channels: { webhook: { retry: object } } }
    const retry = { ...channels.webhook.retry, timeToLiveSeconds: 3 * 86_400 + 1 }
    const changed = { ...channels, webhook: { ...channels.webhook, retry } }
    expect(() => parseSettings({ ...rest, channels: changed })).toThrow(
      'channels.webhook.retry.timeToLiveSeconds: is more than 259200',
    )
  })
})

describe('a delivery without an answer', () => {
  it.each([
    ['smtp', { email: 2, webhook: 2, push: 2, telegram: 0, chat: 0, sms: 0 }],
    ['ses', { email: 0, webhook: 2, push: 2, telegram: 0, chat: 0, sms: 0 }],
  ])('is repeated only where the receiver recognises the copy: with %s', (transport, expected) => {
    const parsed = parseSettings({ ...settings(), emailTransport: transport })
    const repeats = channelNames.map((channel) => [
      channel,
      retryPolicyOf(channel, parsed).uncertainRepeats,
    ])
    expect(Object.fromEntries(repeats)).toEqual(expected)
  })
})
