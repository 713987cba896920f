import { readdirSync, readFileSync } from 'node:fs'
import type { World } from '../world/world.ts'

/** What would grow without bound if something leaked, when all is quiet. */
export interface Growth {
  /** The worker's resident memory. */
  readonly megabytes: number
  /** Its open files and sockets. */
  readonly handles: number
  /** Connections to the broker, of worker and drains. */
  readonly brokerConnections: number
  /** Connections to AWS, of worker, drains and functions. */
  readonly awsConnections: number
}

export async function readGrowth({ bridges, broker, awsLink }: World): Promise<Growth> {
  const worker = bridges.processes().find(({ name }) => name === 'worker')?.child.pid
  const connections = await broker.control(
    'list_connections',
    '--quiet',
    '--no-table-headers',
    'pid',
  )
  return {
    ...(worker === undefined ? { megabytes: 0, handles: 0 } : usageOf(worker)),
    brokerConnections: connections.split('\n').filter(Boolean).length,
    awsConnections: awsLink.connections(),
  }
}

function usageOf(pid: number): Pick<Growth, 'megabytes' | 'handles'> {
  try {
    const [, kilobytes = '0'] =
      /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return {
      megabytes: Math.round(Number(kilobytes) / 1024),
      handles: readdirSync(`/proc/${pid}/fd`).length,
    }
  } catch {
    // It ends at this moment.
    return { megabytes: 0, handles: 0 }
  }
}
