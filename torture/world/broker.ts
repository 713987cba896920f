import { mkdir } from 'node:fs/promises'
import { connectOnce, findServer } from '../../local/broker.ts'
import { type Control, startRabbitMq } from '../../local/rabbitmq.ts'
import { endSurvivors } from '../../local/survivors.ts'

/** The RabbitMQ of a run, which faults may stop and kill. */
export interface RigBroker {
  readonly port: number
  readonly amqpUrl: string
  readonly control: Control
  crash(): Promise<void>
  startAgain(): Promise<void>
  stop(): Promise<void>
}

export async function startRigBroker(stateDir: string): Promise<RigBroker> {
  const server = findServer()
  if (server === undefined) throw new Error('The rig needs a rabbitmq-server on this machine')
  await mkdir(stateDir, { recursive: true })
  await endSurvivors(stateDir)
  const context = { stateDir, onProgress: () => {}, signal: new AbortController().signal }
  const broker = await startRabbitMq(
    server,
    (port) => connectOnce(`amqp://127.0.0.1:${port}`),
    context,
  )
  return {
    port: broker.port,
    amqpUrl: `amqp://guest:guest@127.0.0.1:${broker.port}`,
    control: broker.control,
    crash: broker.crash,
    startAgain: broker.startAgain,
    stop: broker.stop,
  }
}
