import type { RigBroker } from '../world/broker.ts'
import { type Fault, unacknowledged } from './fault.ts'

/** Faults of the broker itself. */
export const broker: readonly Fault[] = [
  {
    name: 'broker-killed',
    place: 'broker',
    allows: unacknowledged,
    async start({ broker }) {
      await broker.crash()
      return () => broker.startAgain()
    },
  },
  {
    name: 'broker-memory-alarm',
    place: 'broker',
    allows: [],
    async start({ broker }) {
      // A limit that is exceeded by whatever a broker needs.
      await broker.control('set_vm_memory_high_watermark', '0.000001')
      return async () => {
        await broker.control('set_vm_memory_high_watermark', '0.8')
      }
    },
  },
  {
    name: 'broker-disk-alarm',
    place: 'broker',
    allows: [],
    async start({ broker }) {
      // More than any disk has free.
      await broker.control('set_disk_free_limit', '1000000000000000')
      return async () => {
        await broker.control('set_disk_free_limit', '50000000')
      }
    },
  },
  {
    name: 'broker-consumer-timeout',
    place: 'broker',
    allows: unacknowledged,
    async start({ broker }) {
      await setConsumerTimeout(broker, 5_000)
      return () => setConsumerTimeout(broker, 1_800_000)
    },
  },
  {
    name: 'broker-closes-connections',
    place: 'broker',
    allows: unacknowledged,
    async start({ broker }) {
      await broker.control('close_all_connections', 'the rig')
      return () => undefined
    },
  },
]

/** How long a message may be out without being settled, in milliseconds. Channels take it over when they are opened. */
async function setConsumerTimeout(broker: RigBroker, milliseconds: number): Promise<void> {
  await broker.control('eval', `application:set_env(rabbit, consumer_timeout, ${milliseconds}).`)
  await broker.control('close_all_connections', 'the rig')
}
