import { expect, it } from '@jest/globals'
import { createEvents2Registration } from '../../../lib/bridge/events-2-registration.ts'
import type { Log } from '../../../lib/log.ts'
import type { ZooKeeper } from '../../../lib/zookeeper/zookeeper.ts'
import { silentLog } from '../../support/memory.ts'

it('leaves no connection behind where it is not known what is wanted', async () => {
  const happened: string[] = []
  const log: Log = { ...silentLog, error: (message) => void happened.push(String(message)) }
  const registration = createEvents2Registration({
    tenants: [
      {
        ...{ id: 'acme', events: [], locale: 'ru', cell: 'main' },
        events2: { target: 'bridge', interests: {}, only: true },
      },
    ],
    servers: 'zookeeper:2181',
    log,
    async connect() {
      happened.push('connected')
      const close = async () => void happened.push('closed')
      return { close } as Partial<ZooKeeper> as ZooKeeper
    },
    interestsOf: () => Promise.reject(new Error('test')),
  })
  registration.onDeclared({ wire: '2.0' })
  await registration.once()
  const open = happened.filter((what) => what === 'connected').length
  expect(happened.filter((what) => what === 'closed')).toHaveLength(open)
  expect(happened).toContain('The registration for events 2.0 failed and may be out of date')
})
