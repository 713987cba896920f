import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from '@jest/globals'
import { decode } from 'cborg'
import { sentNow } from '../../../local/demo/java-events.ts'

it("the demo's body of a Java service is as it was recorded, but for its time", () => {
  const { bodyBase64 } = JSON.parse(readFileSync('local/demo/java-body.json', 'utf8'))
  const recorded = Buffer.from(bodyBase64, 'base64')
  const now = new Date('2031-05-06T07:08:09.010Z')
  const [before, after] = [recorded, sentNow(recorded, now)].map((body) => decode(gunzipSync(body)))
  expect(after).toEqual({ ...before, time: now.toISOString() })
})
