import { CopyObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import pLimit from 'p-limit'
import { keptFoldersOf } from '../notifications/kept.ts'
import { createClient } from './client.ts'

export interface Bucket {
  readonly name: string
  readonly region?: string | undefined
}

/** Objects copied at once. */
const concurrency = 16

/** Copies the contents of a tenant's kept notifications to another cell's bucket. @returns how many */
export async function copyContents(tenant: string, from: Bucket, to: Bucket): Promise<number> {
  const [source, target] = [clientIn(from), clientIn(to)]
  const limit = pLimit(concurrency)
  const copy = async ({ Key = '' }): Promise<boolean> => {
    const CopySource = `${from.name}/${encodeURIComponent(Key)}`
    try {
      await target.send(new CopyObjectCommand({ Bucket: to.name, Key, CopySource }))
      return true
    } catch (error) {
      // A reminder that has just been sent or cancelled.
      if (error instanceof Error && error.name === 'NoSuchKey') return false
      throw error
    }
  }
  let count = 0
  for (const Prefix of keptFoldersOf(tenant)) {
    const list = { Bucket: from.name, Prefix }
    for await (const { Contents = [] } of paginateListObjectsV2({ client: source }, list)) {
      const copied = await limit.map(Contents, copy)
      count += copied.filter(Boolean).length
    }
  }
  return count
}

function clientIn({ region }: Bucket): S3Client {
  return createClient(S3Client, {}, { ...(region && { region }) })
}
