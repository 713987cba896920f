import { type Finding, ok, wrong } from './finding.ts'

/** The first whose quorum queues dead-letter at least once (https://www.rabbitmq.com/docs/quorum-queues). */
const leastRabbitMq = '3.10'

/** @param least as in package.json's engines: `>=22.12` */
export function examineNode(version: string, least: string): Finding {
  const subject = 'Node.js'
  const needed = least.replace(/^>=/, '')
  return isAtLeast(version.replace(/^v/, ''), needed)
    ? ok(subject, version)
    : wrong(subject, `${version} is too old: install ${needed} or later`)
}

export function examineRabbitMq(version: string): Finding {
  const subject = 'RabbitMQ'
  return isAtLeast(version, leastRabbitMq)
    ? ok(subject, version)
    : wrong(subject, `${version} is too old: upgrade the broker to ${leastRabbitMq} or later`)
}

function isAtLeast(version: string, least: string): boolean {
  const [has, needs] = [version, least].map((text) => text.split('.').map(Number.parseFloat))
  for (const [at, need] of (needs ?? []).entries()) {
    const part = has?.[at] ?? 0
    if (part !== need) return part > need
  }
  return true
}
