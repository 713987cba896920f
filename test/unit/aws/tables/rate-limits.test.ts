import { expect, it } from '@jest/globals'
import { limitKey } from '../../../../lib/aws/tables/rate-limits-table.ts'

const of = (chat: string) => limitKey({ tenant: 'acme', channel: 'chat', chat }).limit

it('a key names an address, and of the longest one its hash, since DynamoDB takes 2,048 bytes', () => {
  expect(of('https://chat.example/hooks/1')).toBe('chat#acme#https://chat.example/hooks/1')
  const long = `https://chat.example/hooks/${'x'.repeat(2021)}`
  expect(Buffer.byteLength(of(long))).toBeLessThanOrEqual(2048)
  expect(of(long)).not.toBe(of(`${long.slice(0, -1)}y`))
  expect(of(long)).toBe(of(long))
})
