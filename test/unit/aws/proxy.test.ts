import { describe, expect, it } from '@jest/globals'
import { httpsProxy } from '../../../lib/aws/proxy.ts'

const proxy = 'http://proxy.example:3128'

describe('httpsProxy', () => {
  it('is undefined without HTTPS_PROXY', () => {
    expect(httpsProxy({ NO_PROXY: '*' })).toBeUndefined()
  })

  it.each([
    ['proxy.example:3128', 'http://proxy.example:3128'],
    ['10.0.0.1:3128', 'http://10.0.0.1:3128'],
    ['user:pass@proxy.example:3128', 'http://user:pass@proxy.example:3128'],
    ['https://proxy.example', 'https://proxy.example'],
  ])('reads %s', (HTTPS_PROXY, url) => {
    expect(httpsProxy({ HTTPS_PROXY })).toEqual({ url, except: '' })
  })

  it.each(['socks5://proxy.example:1080', 'http://', 'proxy example:3128'])(
    'refuses %s instead of connecting without a proxy',
    (HTTPS_PROXY) => {
      expect(() => httpsProxy({ HTTPS_PROXY })).toThrow(/HTTPS_PROXY/)
    },
  )

  it('does not quote the password of a proxy that it refuses', () => {
    const HTTPS_PROXY = 'socks5://user:secret@proxy.example:1080'
    expect(() => httpsProxy({ HTTPS_PROXY })).toThrow(/^(?!.*secret)/)
  })

  it.each([
    ['amazonaws.com', '.amazonaws.com'],
    ['.amazonaws.com', '.amazonaws.com'],
    ['*.amazonaws.com', '.amazonaws.com'],
    ['localhost, amazonaws.com', '.localhost,.amazonaws.com'],
    ['localhost amazonaws.com', '.localhost,.amazonaws.com'],
    ['10.0.0.5,10.0.0.1-10.0.0.9', '10.0.0.5,10.0.0.1-10.0.0.9'],
    ['amazonaws.com:443', 'amazonaws.com:443'],
    ['localhost,*', '*'],
  ])('gives both clients the exceptions %s in the same form', (NO_PROXY, except) => {
    expect(httpsProxy({ HTTPS_PROXY: proxy, NO_PROXY })?.except).toBe(except)
  })
})
