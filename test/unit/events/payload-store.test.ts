import { expect, it } from '@jest/globals'
import { eventFolder, noPayloadStore } from '../../../lib/events/payload-store.ts'

it("a tenant's events have a folder of their own", () => {
  expect(eventFolder('acme')).toBe('events/acme/')
  expect(eventFolder('a/../b')).toBe('events/_a_2F.._2Fb/')
})

it('without a store nothing is saved or loaded, and the operator is told what to set', async () => {
  const absent = expect.objectContaining({
    code: 'no-payload-store',
    message: expect.stringContaining('set PAYLOAD_BUCKET'),
  })
  await expect(noPayloadStore.save('key', 'body')).rejects.toEqual(absent)
  await expect(noPayloadStore.load('s3://bucket/key')).rejects.toEqual(absent)
})
