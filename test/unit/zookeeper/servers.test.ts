import { describe, expect, it } from '@jest/globals'
import { parseServers } from '../../../lib/zookeeper/servers.ts'

describe('the addresses of an ensemble', () => {
  it('are hosts and ports, 2181 where none is named', () => {
    expect(parseServers('zookeeper-app, 10.0.0.7:2182,[::1]:2183')).toEqual([
      { host: 'zookeeper-app', port: 2181 },
      { host: '10.0.0.7', port: 2182 },
      { host: '::1', port: 2183 },
    ])
  })

  it.each(['', 'a,,b', 'a:port', 'a:99999', 'user@a', 'a/path'])('are not "%s"', (text) => {
    expect(() => parseServers(text)).toThrow(
      expect.objectContaining({ code: 'invalid-zookeeper-servers' }),
    )
  })
})
