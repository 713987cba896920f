import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { checkAddress } from '../../../lib/channels/addresses/address.ts'
import { type ChannelName, channelNames } from '../../../lib/channels/channel.ts'

type Normalised = readonly (readonly [string, string])[]
type Refused = readonly (readonly [string, RegExp])[]

/** As people and address books write them, with what the provider takes. */
const normalised: Partial<Record<ChannelName, Normalised>> = {
  email: [
    ['smith@acme.example', 'smith@acme.example'],
    ['  smith@acme.example\r\n', 'smith@acme.example'],
    ['\ufeffsmith@acme.example\u200b', 'smith@acme.example'],
    ['Smith <smith@acme.example>', 'smith@acme.example'],
    ['"Smith, John" <smith@acme.example>', 'smith@acme.example'],
    ['<smith@acme.example>', 'smith@acme.example'],
    ['mailto:smith@acme.example', 'smith@acme.example'],
    ['MAILTO:Smith@ACME.Example', 'Smith@acme.example'],
    ['smith@acme.example.', 'smith@acme.example'],
    ["o'brien+tag_1@acme.example", "o'brien+tag_1@acme.example"],
    ['иванов@почта.рф', 'иванов@xn--80a1acny.xn--p1ai'],
    ['info@Bücher.example', 'info@xn--bcher-kva.example'],
    [`${'a'.repeat(64)}@acme.example`, `${'a'.repeat(64)}@acme.example`],
  ],
  sms: [
    ['+79991234567', '+79991234567'],
    ['+7 (999) 123-45-67', '+79991234567'],
    ['\u202a+7\u00a0999\u00a0123\u201145\u201167\u202c', '+79991234567'],
    ['+49 (0)30 123456', '+4930123456'],
    ['+44 20 7946 0958', '+442079460958'],
    ['+1-202-555-0173', '+12025550173'],
    ['tel:+79991234567', '+79991234567'],
    ['tel:+7-999-123-45-67', '+79991234567'],
    ['TEL: +7.999.(123).45.67', '+79991234567'],
    ['tel:+7 495 123-45-67', '+74951234567'],
    ['tel:%2B7%20495%20123-45-67', '+74951234567'],
  ],
  telegram: [
    ['123456789', '123456789'],
    [' -1001234567890 ', '-1001234567890'],
    ['-4012345678', '-4012345678'],
    ['@acme_news', '@acme_news'],
  ],
  chat: [
    ['https://hooks.slack.com/services/T0/B0/XX', 'https://hooks.slack.com/services/T0/B0/XX'],
    ['https://mm.acme.example/hooks/x#@ivanov', 'https://mm.acme.example/hooks/x#@ivanov'],
    ['https://mm.acme.example/hooks/x#', 'https://mm.acme.example/hooks/x'],
    ['https://mm.acme.example/hooks/x##contracts', 'https://mm.acme.example/hooks/x#contracts'],
    ['https://mm.acme.example/hooks/x#й', 'https://mm.acme.example/hooks/x#%D0%B9'],
  ],
  push: [
    ['device-abc', 'device-abc'],
    ['fX1:APA91bH_q-z.0\n', 'fX1:APA91bH_q-z.0'],
  ],
  webhook: [
    ['https://hooks.acme.example/x?y=1', 'https://hooks.acme.example/x?y=1'],
    ['HTTPS://Hooks.Acme.Example', 'https://hooks.acme.example/'],
    ['https://hooks.acme.example/x#part', 'https://hooks.acme.example/x'],
    ['https://почта.рф/путь', 'https://xn--80a1acny.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C'],
    ['https://[2a00:1450:4001:81b::200e]/x', 'https://[2a00:1450:4001:81b::200e]/x'],
    ['https://8.8.8.8:8443/x', 'https://8.8.8.8:8443/x'],
    ['https://hooks.acme.example./x', 'https://hooks.acme.example./x'],
    ['https://my_hook.acme.example/x', 'https://my_hook.acme.example/x'],
  ],
}

const refused: Partial<Record<ChannelName, Refused>> = {
  email: [
    ['', /empty/],
    ['smith', /no @/],
    ['a@x.example, b@x.example', /several/],
    ['a\u037eb@x.example', /several/],
    [`${'\u0958'.repeat(21)}@x.example`, /too long/],
    ['a@x.example;b@x.example', /several/],
    ['a@x.example b@x.example', /several/],
    ['A <a@x.example>, B <b@x.example>', /several/],
    ['"john smith"@acme.example', /quoted/],
    ['john smith@acme.example', /before the @/],
    ['john(comment)@acme.example', /before the @/],
    ['.john@acme.example', /before the @/],
    ['john..smith@acme.example', /before the @/],
    ['john.@acme.example', /before the @/],
    ['@acme.example', /before the @/],
    ['smith@', /domain/],
    ['smith@acme', /domain/],
    ['smith@localhost', /domain/],
    ['smith@acme..example', /domain/],
    ['smith@-acme.example', /domain/],
    ['smith@acme_1.example', /domain/],
    ['smith@127.0.0.1', /domain/],
    ['smith@[127.0.0.1]', /domain/],
    ['mailto:smith@acme.example?subject=x', /domain/],
    ['smi\u200bth@acme.example', /U\+200B/],
    ['smith@acme.example\r\nBcc: evil@x.example', /U\+000D/],
    [`${'a'.repeat(65)}@acme.example`, /too long/],
    [`${'я'.repeat(33)}@acme.example`, /too long/],
    [`a@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.${'e'.repeat(62)}.example`, /./],
    [`a@${'b'.repeat(3000)}.example`, /longer than 2048/],
  ],
  sms: [
    ['8 (999) 123-45-67', /country code/],
    ['89991234567', /country code/],
    ['+7 999 123', /telephone number/],
    ['+7999123456789012', /telephone number/],
    ['+0 999 123 45 67', /telephone number/],
    ['+7 999 123-45-67 ext. 5', /telephone number/],
    ['+7 999 CALL-NOW', /telephone number/],
    ['+79991234567, +79991234568', /several/],
    ['+79991234567 +79991234568', /several/],
    ['tel:89991234567', /country code/],
    ['tel:123-45-67;phone-context=+7-495', /country code/],
    ['tel:7042;phone-context=example.com', /country code/],
    ['tel:+7-495-123-45-67;ext=104', /an extension/],
    ['+7 495 123-45-67;ext=104', /an extension/],
    ['tel:+74951234567;EXT=1;isub=2', /an extension/],
    ['tel:+74951234567;isub=2', /parameters/],
    ['tel:+74951234567;phone-context=+7', /parameters/],
    ['tel:+74951234567;x', /parameters/],
    ['tel:+79991234567;tel:+79991234568', /several/],
    ['tel:+79991234567, tel:+79991234568', /several/],
    ['tel:+7495%', /telephone number/],
    ['tel:+7495%0a1234567', /telephone number/],
    ['tel:', /country code/],
    ['tel:tel:+79991234567', /country code/],
    ['arn:aws:sns:eu-central-1:123456789012:topic', /country code/],
    ['+٧٩٩٩١٢٣٤٥٦٧', /telephone number/],
  ],
  telegram: [
    ['https://t.me/somebody', /link/],
    ['t.me/somebody', /link/],
    ['https://telegram.me/somebody', /link/],
    ['tg://resolve?domain=somebody', /link/],
    ['https://t.me/+AbCdEf', /link/],
    ['+79991234567', /telephone number/],
    ['tel:+7-999-123-45-67', /telephone number/],
    ['somebody', /not a chat/],
    ['@', /not a chat/],
    ['@1news', /not a chat/],
    ['@acme-news', /not a chat/],
    ['0', /not a chat/],
    ['--1', /not a chat/],
    ['1.5', /not a chat/],
    ['99999999999999999', /not a chat/],
    ['42/../x', /not a chat/],
    ['1, 2', /several/],
  ],
  chat: [
    ['#contracts', /not a URL/],
    ['@ivanov', /not a URL/],
    ['http://mm.acme.example/hooks/x', /not https/],
    ['https://10.1.2.3/hooks/x', /not public/],
    ['https://mm.acme.example/hooks/x#@', /after #/],
    ['https://mm.acme.example/hooks/x#a/b', /after #/],
    ['https://mm.acme.example/hooks/x#%zz', /after #/],
    ['https://user:secret@mm.acme.example/hooks/x', /credentials/],
    ['https://a.example/x https://b.example/x', /several/],
  ],
  push: [
    ['token with spaces', /several/],
    ['a,b', /several/],
    ['https://fcm.googleapis.com/x', /registration token/],
    ['smith@acme.example', /registration token/],
    ['"token"', /registration token/],
    ['tökén', /registration token/],
    ['a'.repeat(2049), /longer than 2048/],
  ],
  webhook: [
    ['hooks.acme.example/x', /not a URL/],
    ['http://hooks.acme.example/x', /not https/],
    ['ftp://hooks.acme.example/x', /not https/],
    ['mailto:smith@acme.example', /not https/],
    ['https://user:secret@hooks.acme.example/', /credentials/],
    ['https://127.0.0.1/', /not public/],
    ['https://0x7f.1/', /not public/],
    ['https://2130706433/', /not public/],
    ['https://[::1]/', /not public/],
    ['https://[::ffff:10.0.0.1]/', /not public/],
    ['https://169.254.169.254/latest', /not public/],
    ['https://10.1.2.3./', /not public/],
    ['https://localhost/', /not public/],
    ['https://LOCALHOST./', /not public/],
    ['https://metadata.google.internal/', /not public/],
    ['https://receiver/', /not public/],
    ['https://[::127.0.0.1]/', /not public/],
    ['https://[::7f00:1]/', /not public/],
    ['https://[64:ff9b::7f00:1]/', /not public/],
    ['https://[64:ff9b:1::7f00:1]/', /not public/],
    ['https://[2002:7f00:1::]/', /not public/],
    ['https://[2001:0:7f00:1::]/', /not public/],
    ['https://[3fff::1]/', /not public/],
    ['https://x.onion/', /not public/],
    ['https://x.invalid./', /not public/],
    ['https://a..example/', /not a host name/],
    ['https://a.example../', /not a host name/],
    ['https://.a.example/', /not a host name/],
    ['https://-a.example/', /not a host name/],
    ['https://a-.example/', /not a host name/],
    ['https://a.b_c/', /not a host name/],
    ["https://a'b.example/", /not a host name/],
    ['https://a*b.example/', /not a host name/],
    [`https://${'a'.repeat(64)}.example/`, /not a host name/],
    [`https://${'a.'.repeat(124)}example/`, /not a host name/],
    ['https://1.2.3.4.5/', /not a URL/],
    ['https://hooks.123/', /not a URL/],
    ['https://hooks.example:0/', /port 0/],
    ['https://a.example/ https://b.example/', /several/],
    ['https://a.example/,https://b.example/', /several/],
    ['https://a.example/x\ty', /U\+0009/],
  ],
}

const rows = <T extends readonly (readonly unknown[])[]>(table: Partial<Record<ChannelName, T>>) =>
  channelNames.flatMap((channel) =>
    (table[channel] ?? []).map((row) => [channel, ...row] as [ChannelName, string, never]),
  )

describe('an address', () => {
  it.each(rows(normalised))('of %s, %j, is delivered to as %j', (channel, text, address) => {
    expect(checkAddress(channel, text)).toEqual({ address })
    expect(checkAddress(channel, address)).toEqual({ address })
  })

  it.each(rows(refused))('of %s, %j, is refused: %p', (channel, text, problem) => {
    expect(checkAddress(channel, text)).toEqual({ problem: expect.stringMatching(problem) })
  })

  it.each([
    ['http://127.0.0.1:4000/hook', 'http://127.0.0.1:4000/hook'],
    ['http://localhost:4000/hook', 'http://localhost:4000/hook'],
    ['https://receiver:4000/hook', 'https://receiver:4000/hook'],
    ['http://my_receiver:4000/hook', 'http://my_receiver:4000/hook'],
    ['http://[::1]:4000/hook', 'http://[::1]:4000/hook'],
  ])('%s of a private network is a webhook where the setting allows it', (text, address) => {
    expect(checkAddress('webhook', text, { allowPrivate: true })).toEqual({ address })
    expect(checkAddress('webhook', 'http://hooks.acme.example/', { allowPrivate: true })).toEqual({
      problem: expect.stringMatching(/https/),
    })
  })

  it('has one form, and the reason for a refusal never repeats it', () => {
    const texts = fc.oneof(
      fc.string({ minLength: 12, unit: 'binary' }),
      fc.emailAddress(),
      fc.webUrl(),
      fc.constantFrom(
        ...Object.values({ ...normalised, ...refused }).flatMap((all) => all.map(([text]) => text)),
      ),
    )
    fc.assert(
      fc.property(fc.constantFrom(...channelNames), texts, (channel, text) => {
        const checked = checkAddress(channel, text)
        if ('address' in checked) expect(checkAddress(channel, checked.address)).toEqual(checked)
        else if (text.trim().length > 12) expect(checked.problem).not.toContain(text.trim())
      }),
    )
  })

  it('of every mailbox that fast-check knows is taken, unless it is too long', () => {
    fc.assert(
      fc.property(fc.emailAddress({ size: 'small' }), (text) => {
        const checked = checkAddress('email', text)
        if ('problem' in checked) expect(checked.problem).toMatch(/too long|domain/)
      }),
    )
  })
})
