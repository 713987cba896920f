import { describe, expect, it } from '@jest/globals'
import {
  defaultRecordUrl,
  fillRecordUrl,
  recordUrl,
  webUrl,
} from '../../../lib/tenants/record-url.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const at = 'https://ecos.acme.example'

describe("a record's link", () => {
  it.each([
    ['emodel/contract@42', undefined, '/v2/dashboard?recordRef=emodel/contract@42'],
    ['emodel/contract@42', 'sales', '/v2/dashboard?recordRef=emodel/contract@42&ws=sales'],
    ['activiti$1008', '', '/v2/dashboard?recordRef=activiti$1008'],
    ['a&b=c#d', 'x&y', '/v2/dashboard?recordRef=a%26b%3Dc%23d&ws=x%26y'],
    ['Договор', undefined, '/v2/dashboard?recordRef=%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80'],
    ['\ud800', undefined, '/v2/dashboard?recordRef=%EF%BF%BD'],
  ])("to %j in the workspace %j is that of ECOS's web client", (recordRef, workspace, link) => {
    expect(fillRecordUrl(defaultRecordUrl, at, { recordRef, workspace })).toBe(at + link)
  })

  it('is by the pattern of the tenant', () => {
    const pattern = '{webUrl}/share/card?nodeRef={recordRef}[&w={workspace}]#top'
    expect(fillRecordUrl(pattern, at, { recordRef: 'x@1' })).toBe(
      `${at}/share/card?nodeRef=x@1#top`,
    )
  })

  it.each([
    ['{webUrl}/{workspace}/{recordRef}', '//x@1', '/sales/x@1'],
    ['{webUrl}/{recordRef}[/a][/{workspace}][-{recordRef}]', '/x@1/a-x@1', '/x@1/a/sales-x@1'],
    ['{webUrl}/{recordRef}[?{workspace}{recordRef}]', '/x@1', '/x@1?salesx@1'],
    ['{webUrl}/{recordRef}/{recordRef}[]', '/x@1/x@1', '/x@1/x@1'],
  ])('by %s leaves out only what has no value', (pattern, without, within) => {
    const fill = (workspace?: string) =>
      fillRecordUrl(pattern, at, { recordRef: 'x@1', workspace }).slice(at.length)
    expect([fill(), fill('sales')]).toEqual([without, within])
  })
})

it.each([
  defaultRecordUrl,
  '{webUrl}/share/card?nodeRef={recordRef}[&w={workspace}]#top',
  'https://other.example/{workspace}/{recordRef}',
  'http://other.example/{recordRef}',
])('the pattern %s can be used', (pattern) => {
  expect(recordUrl.safeParse(pattern).success).toBe(true)
})

it.each([
  '{webUrl}{recordRef}',
  '{webUrl}[{workspace}]/{recordRef}',
  'https://{recordRef}',
  'https://%/{recordRef}',
  'https://user{recordRef}@other.example/',
  'https://user:{recordRef}@other.example/',
])('the pattern %s is refused: a reference would decide where it leads', (pattern) => {
  expect(recordUrl.safeParse(pattern).error?.issues).toEqual([
    expect.objectContaining({ message: expect.stringContaining('on the same host') }),
  ])
})

it.each([
  ['/card?{recordRef}', 'must begin with {webUrl} or https://'],
  ['ftp://a.example/{recordRef}', 'must begin with {webUrl} or https://'],
  ['x{webUrl}/{recordRef}', 'must begin with {webUrl} or https://'],
  ['{webUrl}', 'must begin with {webUrl} or https://'],
  ['{webUrl}/a b/{recordRef}', 'must begin with {webUrl} or https://'],
  ['{webUrl}/я/{recordRef}', 'must begin with {webUrl} or https://'],
  ['{webUrl}/{recordRef}/{ref}', 'a placeholder other than {webUrl}, {recordRef}, {workspace}'],
  ['{webUrl}/{recordRef}/{}', 'a placeholder other than'],
  ['{webUrl}/{recordRef}[/{ref}]', 'a placeholder other than'],
  ['{webUrl}/[{recordRef}]', 'has no {recordRef}'],
  ['{webUrl}/{workspace}', 'has no {recordRef}'],
])('the pattern %s is refused: %s', (pattern, problem) => {
  expect(recordUrl.safeParse(pattern).error?.issues).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining(problem) }),
  )
})

it('a pattern without a reference has that fault alone', () => {
  const { error } = recordUrl.safeParse('https://{workspace}')
  expect(error?.issues.map(({ message }) => message)).toEqual([
    'has no {recordRef}, which says which record it is',
  ])
})

it.each([
  ['ecos.acme.example', 'is not an address such as'],
  ['ftp://acme.example', 'is not an address such as'],
  ['xhttps://acme.example', 'is not an address such as'],
  ['httpsx://acme.example', 'is not an address such as'],
  ['https://user@acme.example', 'without user, query and fragment'],
  ['https://:secret@acme.example', 'without user, query and fragment'],
  ['https://acme.example/?a', 'without user, query and fragment'],
  ['https://acme.example/#a', 'without user, query and fragment'],
])('%s is no address of a web client: it %s', (text, problem) => {
  expect(webUrl.safeParse(text).error?.issues).toEqual([
    expect.objectContaining({ message: expect.stringContaining(problem) }),
  ])
})

it('the address of the web client has no slash at its end', () => {
  expect(webUrl.parse('https://ECOS.acme.example/')).toBe(at)
  expect(webUrl.parse('http://ecos.local:8080/app/')).toBe('http://ecos.local:8080/app')
  expect(webUrl.parse('https://acme.example/a/b//')).toBe('https://acme.example/a/b')
})

it('a tenant has what tenants.yml says of its messages', () => {
  const [acme] = parseTenants(
    `tenants:
  acme:
    webUrl: ${at}/
    timeZone: Asia/Yekaterinburg
    name: ООО «Акме»
    logo: https://acme.example/logo.png
    colour: "#0b5cad"
    mailFrom: Акме <ecos@acme.example>
    replyTo: help@acme.example
`,
    'tenants.yml',
  )
  expect(acme).toMatchObject({
    webUrl: at,
    timeZone: 'Asia/Yekaterinburg',
    name: 'ООО «Акме»',
    logo: 'https://acme.example/logo.png',
    colour: '#0b5cad',
    mailFrom: { name: 'Акме', address: 'ecos@acme.example' },
    replyTo: { name: '', address: 'help@acme.example' },
  })
})
