import { expect, it } from '@jest/globals'
import { createClient, slowBounds, waitLonger } from '../../../lib/aws/client.ts'

/** Remembers what it is made with. */
class Client {
  readonly config: { readonly requestHandler: object }
  constructor(config: never) {
    this.config = config
  }
  async send() {}
}

it('a command gives calls without bounds of their own more time', () => {
  const timeouts = (requestTimeout: number) => ({
    config: { requestHandler: { requestTimeout, socketTimeout: requestTimeout } },
  })
  expect(createClient(Client)).toMatchObject(timeouts(5_000))
  waitLonger()
  expect(createClient(Client)).toMatchObject(timeouts(20_000))
  expect(createClient(Client, slowBounds)).toMatchObject(timeouts(6_000))
})
