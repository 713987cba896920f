import { readFileSync } from 'node:fs'
import { parseExactJson } from '../../lib/events/exact-number.ts'

/** An event 2.0 as a Java client with Jackson wrote it. */
export interface JavaBody {
  readonly body: Buffer
  /** What it means. */
  readonly label: string
  readonly id: string
  readonly timeMillis: number
  readonly type: string
  readonly user: string
  readonly source: unknown
  readonly attributes: Readonly<Record<string, unknown>>
}

export function javaBodies(): JavaBody[] {
  const lines = readFileSync('test/fixtures/events-2.0.jsonl', 'utf8').trim().split('\n')
  return lines.map((line) => {
    const { bodyBase64, ...meant } = parseExactJson(line) as JavaBody & { bodyBase64: string }
    return { ...meant, body: Buffer.from(bodyBase64, 'base64') }
  })
}
