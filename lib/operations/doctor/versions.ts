import { type Finding, ok, wrong } from './finding.ts'

/** The first version whose quorum queues dead-letter at least once (https://www.rabbitmq.com/docs/quorum-queues). */
const oldestRabbitMq = '3.10'

/** @param range as in package.json's engines: `>=22.12` */
export function examineNode(version: string, range: string): Finding {
  const subject = 'Node.js'
  const needed = range.replace(/^>=/, '')
  return isAtLeast(version.replace(/^v/, ''), needed)
    ? ok(subject, version)
    : wrong(subject, `${version} is too old: install ${needed} or later`)
}

/** The versions that the integration tests run on (`npm run test:broker`). */
const testedRabbitMq = ['3.10', '4.0']

export function examineRabbitMq(version: string): Finding {
  const subject = 'RabbitMQ'
  if (!isAtLeast(version, oldestRabbitMq)) {
    return wrong(subject, `${version} is too old: upgrade the broker to ${oldestRabbitMq} or later`)
  }
  const isTested = testedRabbitMq.some((tested) => version.startsWith(`${tested}.`))
  const knowledge = isTested ? 'tested' : `not tested; tested are ${testedRabbitMq.join(' and ')}`
  return ok(subject, `${version} (${knowledge})`)
}

function isAtLeast(version: string, needed: string): boolean {
  const [has, needs] = [version, needed].map((text) => text.split('.').map(Number.parseFloat))
  for (const [at, need] of (needs ?? []).entries()) {
    const part = has?.[at] ?? 0
    if (part !== need) return part > need
  }
  return true
}
