import { expect, it } from '@jest/globals'
import { boxesOf } from '../../../bin/commands/dlq-queues.ts'
import { bridgeQueues } from '../../../lib/bridge/bridge-queue.ts'
import { topologyOf } from '../../../lib/bridge/topology.ts'
import type { LetterBox } from '../../../lib/operations/letter-box.ts'
import { parseTenants } from '../../../lib/tenants/tenants-file.ts'

const ids = Array.from({ length: 45 }, (_, at) => `tenant-${at}`)
const tenants = parseTenants(
  JSON.stringify({ tenants: Object.fromEntries(ids.map((id) => [id, {}])) }),
  'tenants.yml',
)
const queues = bridgeQueues(tenants.map(topologyOf))

it('the dead-letter queues of many tenants are looked for side by side, and told in order', async () => {
  const gate = Promise.withResolvers<void>()
  let asked = 0
  const boxes = boxesOf({ current: queues, former: [] }, async ({ name, deadLetterQueue }) => {
    asked += 1
    // Nobody gets an answer before twenty have asked.
    if (asked === 20) gate.resolve()
    await gate.promise
    return name.includes('tenant-7') ? undefined : ({ name: deadLetterQueue } as LetterBox)
  })
  const names = queues.filter(({ name }) => !name.includes('tenant-7'))
  expect((await boxes).map(({ name }) => name)).toEqual(
    names.map(({ deadLetterQueue }) => deadLetterQueue),
  )
  expect(asked).toBe(ids.length)
})
