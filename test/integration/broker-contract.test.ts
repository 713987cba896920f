import { connect } from 'amqplib'
import { connectBroker } from '../../lib/amqp/broker.ts'
import type { Broker } from '../../lib/bridge/broker.ts'
import { describeBroker } from '../support/broker-contract.ts'
import { runningStack } from '../support/stack.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

describeBroker('RabbitMQ', async () => {
  const { amqpUrl } = runningStack()
  const url = new URL(amqpUrl)
  const connection = await connect(amqpUrl)
  const channel = await connection.createConfirmChannel()
  const direct = await connectBroker(amqpUrl)
  const proxies = new Map<Broker, TcpProxy>()
  return {
    async connect() {
      const proxy = await startTcpProxy(url.hostname, Number(url.port || 5672))
      const near = new URL(amqpUrl)
      near.hostname = '127.0.0.1'
      near.port = String(proxy.port)
      const broker = await connectBroker(near.href)
      proxies.set(broker, proxy)
      return broker
    },
    cut: (broker) => proxies.get(broker)?.cut(),
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
      for (const proxy of proxies.values()) proxy.close()
      await direct.close()
      await connection.close()
    },
  }
})
