import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, describe, expect, it } from '@jest/globals'
import { json, serve } from '../../../local/receivers/server.ts'
import { startAwsLink } from '../../../torture/world/aws-link.ts'
import { createClock } from '../../../torture/world/clock.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const minute = 60_000

describe('the clock of a process', () => {
  it.each([0, 45 * minute, -45 * minute])('is off by %i ms', async (offset) => {
    const folder = await mkdtemp(join(tmpdir(), 'clock-'))
    cleanups.push(() => rm(folder, { recursive: true }))
    const clock = await createClock(folder)
    await clock.set(offset)
    const show =
      'console.log(JSON.stringify([Date.now(), +new Date(), +new Date(Date()), +new Date(7)]))'
    const env = { PATH: process.env['PATH'], NODE_OPTIONS: clock.option, ...clock.env }
    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', show], { env })
    const [now, made, called, given] = JSON.parse(stdout)
    for (const time of [now, made, called]) {
      expect(Math.abs(time - offset - Date.now())).toBeLessThan(5 * minute)
    }
    expect(given).toBe(7)
  })
})

describe('the link to AWS', () => {
  /** A link to a service that takes every call, and a client's options to reach it. */
  async function signed(systemClockOffset: number) {
    const service = await serve(() => json(200, { Entries: [{ EventId: 'a' }] }))
    const link = await startAwsLink(service.url)
    cleanups.push(
      () => service.close(),
      () => link.close(),
    )
    return {
      ...{ endpoint: link.endpoint, region: 'us-east-1', maxAttempts: 1, systemClockOffset },
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    }
  }

  it('takes a signature of four minutes ago', async () => {
    const client = new EventBridgeClient(await signed(-4 * minute))
    await expect(client.send(new PutEventsCommand({ Entries: [{}] }))).resolves.toBeDefined()
  })

  it('refuses one of seven minutes ago, and its answer puts the client right', async () => {
    const client = new EventBridgeClient(await signed(-7 * minute))
    const put = () => client.send(new PutEventsCommand({ Entries: [{}] }))
    await expect(put()).rejects.toMatchObject({ name: 'InvalidSignatureException' })
    await expect(put()).resolves.toMatchObject({ Entries: [{ EventId: 'a' }] })
  })

  it('refuses one of the future, as S3 does', async () => {
    const client = new S3Client({ ...(await signed(7 * minute)), forcePathStyle: true })
    const put = () => client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }))
    await expect(put()).rejects.toMatchObject({ name: 'RequestTimeTooSkewed' })
    await expect(put()).resolves.toBeDefined()
  })
})
