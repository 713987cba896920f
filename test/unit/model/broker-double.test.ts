import { describeBroker } from '../../support/broker-contract.ts'
import { createBrokerDouble } from '../../support/broker-double/broker-double.ts'

describeBroker('the broker double', async () => {
  const broker = createBrokerDouble((_, step) => void setImmediate(step))
  return {
    connect: async () => broker.connect(),
    cut: broker.cut,
    declare: async (topology) => broker.declare(topology),
    async publish(topology, bodies) {
      for (const body of bodies) broker.publish(topology, 'task.create', body)
    },
    deleteQueue: async (name) => broker.deleteQueue(name),
    stop: async () => undefined,
  }
})
