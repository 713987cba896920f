import { connect } from 'amqplib'
import { connectBroker } from '../../../lib/amqp/broker.ts'
import type { Broker } from '../../../lib/bridge/broker.ts'
import { type Door, startAmqpServer } from '../../support/amqp-server/server.ts'
import { describeBroker } from '../../support/broker-contract.ts'

describeBroker('the AMQP server in memory', async () => {
  const server = await startAmqpServer()
  const { url } = server
  const connection = await connect(url)
  const channel = await connection.createConfirmChannel()
  const direct = await connectBroker(url)
  const doors = new Map<Broker, Door>()
  return {
    async connect() {
      const door = await server.door()
      const broker = await connectBroker(door.url)
      doors.set(broker, door)
      return broker
    },
    cut: (broker) => doors.get(broker)?.cut(),
    async declare(topology) {
      await direct.declare(topology)
    },
    async publish({ exchange }, bodies) {
      for (const body of bodies) channel.publish(exchange, 'task.create', Buffer.from(body))
      await channel.waitForConfirms()
    },
    async deleteQueue(name) {
      await channel.deleteQueue(name)
    },
    async stop() {
      await direct.close()
      await connection.close()
      await server.close()
    },
  }
})
