import { readdirSync, readFileSync } from 'node:fs'

/** The local AWS's processes of the function that a queue feeds. */
export function processesOf(queueUrl: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(`QUEUE_URL=${queueUrl}`))
    .map(Number)
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}
