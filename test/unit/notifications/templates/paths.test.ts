import { describe, expect, it } from '@jest/globals'
import {
  htmlPath,
  layoutPath,
  parsePath,
  partsFolder,
  scopesOf,
  templatePath,
  tenantFolder,
} from '../../../../lib/notifications/templates/paths.ts'

const key = { scope: 'acme', name: 'task.create', channel: 'email', locale: 'en-GB' } as const

describe('the path of a template', () => {
  it('is made of its scope, name, channel and language', () => {
    expect(templatePath(key)).toBe('acme/task.create/email.en-GB.liquid')
    expect(htmlPath(key)).toBe('acme/task.create/email.en-GB.html.liquid')
    expect(htmlPath({ ...key, scope: 'liquid' })).toBe('liquid/task.create/email.en-GB.html.liquid')
    expect(layoutPath('_all')).toBe('_all/layout.html.liquid')
    expect(partsFolder('_all')).toBe('_all/parts')
  })

  it('is searched in the folder of its tenant, then of all, then of ours', () => {
    expect(scopesOf('acme')).toEqual(['acme', '_all', '_built-in'])
    expect(scopesOf('acme corp')).toEqual(['_acme_20corp', '_all', '_built-in'])
    expect(tenantFolder('a'.repeat(200))).toBe('a'.repeat(200))
    expect(tenantFolder('я'.repeat(100))).toHaveLength(200)
  })

  it.each([
    ['acme/task.create/email.en-GB.liquid', 'template', key],
    ['acme/task.create/email.en-GB.html.liquid', 'html', key],
    [
      '_all/vip/any.ru.liquid',
      'template',
      { scope: '_all', name: 'vip', channel: 'any', locale: 'ru' },
    ],
    ['acme/layout.html.liquid', 'layout', undefined],
    ['acme/parts/sign.liquid', 'part', undefined],
    ['acme/parts/task.ru.liquid', 'part', undefined],
  ] as const)('%s is of a %s', (path, kind, parsed) => {
    expect(parsePath(path)).toEqual({ kind, ...(parsed && { key: parsed }) })
  })

  it.each([
    'stray.txt',
    '',
    'acme',
    'acme/',
    'acme/layout.liquid',
    'acme/parts/sign.txt',
    'acme/parts/more/sign.liquid',
    'acme/parts/sign.liquid/more',
    'acme/task.create/any.ru.liquid/more',
    'acme/task.create/more/email.ru.liquid',
    'acme/task.create/email.liquid',
    'acme/task.create/email.ru.liquid.bak',
    'acme/task.create/old.email.ru.liquid',
    'acme/task.create/.email.ru.liquid',
    'acme/task.create/email.ru.txt.liquid',
    'acme/task.create/email.ru.html.html.liquid',
    'acme/task.create/email..liquid',
  ])('is not %j', (path) => {
    expect(parsePath(path)).toEqual({
      kind: 'unknown',
      problem: expect.stringMatching(/^matches none of <tenant or _all>\/<event type or template>/),
    })
  })

  it.each([
    [
      'acme/x/fax.ru.liquid',
      '"fax" is not a channel: use any, email, webhook, telegram, chat, push, sms',
    ],
    [
      'acme/page/layout.html.liquid',
      '"layout" is not a channel: use any, email, webhook, telegram, chat, push, sms',
    ],
    ['acme/x/any.en-gb.liquid', '"en-gb" is not a language tag such as ru or en-GB: write en-GB'],
    [
      'acme/x/any.en_US.html.liquid',
      '"en_US" is not a language tag such as ru or en-GB: write en-US',
    ],
    ['acme/x/any.russian-.liquid', '"russian-" is not a language tag such as ru or en-GB'],
  ])('is not %s: %s', (path, problem) => {
    expect(parsePath(path)).toEqual({ kind: 'unknown', problem })
  })
})
