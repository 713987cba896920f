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
    name: 'broker-closes-connections',
    place: 'broker',
    allows: unacknowledged,
    async start({ broker }) {
      await broker.control('close_all_connections', 'the rig')
      return () => undefined
    },
  },
]
