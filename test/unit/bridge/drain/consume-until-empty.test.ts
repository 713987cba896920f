import { expect, it } from '@jest/globals'
import { type BridgeQueue, bridgeQueues } from '../../../../lib/bridge/bridge-queue.ts'
import type { Broker } from '../../../../lib/bridge/broker.ts'
import { consumeUntilEmpty } from '../../../../lib/bridge/drain/consume-until-empty.ts'
import type { IncomingMessage } from '../../../../lib/bridge/message.ts'
import { createPublisher } from '../../../../lib/bridge/publish/publisher.ts'
import { topologyOf } from '../../../../lib/bridge/topology.ts'
import { EcosError } from '../../../../lib/errors.ts'
import type { Wire } from '../../../../lib/tenants/events-2.ts'
import { memoryPayloads, silentJournal, silentLog } from '../../../support/memory.ts'

const [queue] = bridgeQueues([
  topologyOf({ id: 'acme', events: [], locale: 'ru', cell: 'main' }),
]) as [BridgeQueue]

/** A queue that is gone as soon as its one message is delivered: nothing is left to consume. */
const brokerOf = (wire: Wire) =>
  ({
    lost: new AbortController().signal,
    async consume(_queue, _prefetch, { onMessage, onGone }) {
      onMessage({
        ...{
          tenant: 'acme',
          wire,
          queue: queue.name,
          exchange: '',
          routingKey: '',
          redelivered: false,
        },
        properties: {},
        body: Buffer.from('{"data":{"type":"task.create"}}'),
        acknowledge() {},
        deadLetter() {},
        requeue() {},
      } satisfies IncomingMessage)
      onGone()
      return { cancel: async () => undefined }
    },
  }) as Partial<Broker> as Broker

const bus = {
  async put() {
    throw new EcosError('bus-unavailable', 'test', { retryable: true })
  },
  check: async () => undefined,
}

it.each<Wire>(['1.0', '2.0'])(
  'gives up at the deadline what is in flight of events %s, also where no queue is consumed any more',
  async (wire) => {
    const context = {
      quarantine: { store: async () => undefined },
      payloads: memoryPayloads(),
      log: silentLog,
      journal: silentJournal,
    }
    const fates: string[] = []
    const problems = await consumeUntilEmpty([{ queue, ready: 1 }], {
      broker: brokerOf(wire),
      // Each wire has its own publisher.
      context: { ...context, publisher: createPublisher(bus) },
      context2: { ...context, publisher: createPublisher(bus) },
      // After the last visit, which is over within a tenth of a second.
      deadline: AbortSignal.timeout(500),
      prefetch: 10,
      onFate: (fate) => void fates.push(fate),
    })
    expect(fates).toEqual(['returned'])
    expect(problems).toEqual([`the queue ${queue.name} is gone`])
  },
)
