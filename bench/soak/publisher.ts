import type { Tenant } from '../../lib/tenants/tenants-file.ts'
import { trickle } from '../backlog.ts'
import { idOf } from './numbered.ts'

export interface Publishing {
  readonly amqpUrl: string
  readonly tenants: readonly Tenant[]
  readonly perSecond: number
  readonly seconds: number
}

/** `node bench/soak/publisher.ts PUBLISHING`: answers each message with its number of events; ends when all are confirmed. */
const { amqpUrl, tenants, ...rate } = JSON.parse(process.argv[2] ?? '') as Publishing
let published = 0
process.on('message', () => process.send?.(published))
process.once('disconnect', () => process.exit())
process.send?.('begun')
await trickle(amqpUrl, tenants, rate, { clock: true, idOf }, (count) => {
  published = count
})
process.disconnect()
