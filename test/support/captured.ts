import { inspect } from 'node:util'

/**
 * Runs the work, and returns all that its process would show: what it writes to standard output and
 * error, its result, and the stack and fields of an error that it throws, as Lambda logs it.
 */
export async function captured(work: () => Promise<unknown>): Promise<string> {
  const written: string[] = []
  const streams = [process.stdout, process.stderr]
  const originals = streams.map(({ write }) => write)
  for (const stream of streams) {
    stream.write = ((chunk: string | Uint8Array) => {
      written.push(Buffer.from(chunk as string).toString())
      return true
    }) as typeof stream.write
  }
  const all = { depth: 20, maxStringLength: 100_000 }
  try {
    written.push(inspect(await work(), all))
  } catch (error) {
    written.push(error instanceof Error ? `${error.stack} ${JSON.stringify(error)}` : String(error))
  } finally {
    streams.forEach((stream, index) => {
      const original = originals[index]
      if (original) stream.write = original
    })
  }
  return written.join('\n')
}
