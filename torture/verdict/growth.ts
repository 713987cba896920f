import type { Growth } from '../ledger/growth.ts'
import type { Problem } from './verdict.ts'

/**
 * Far above what a run needs, whatever happened in it, and far below what a leak makes of it. Two
 * connections to the broker each have the worker, the rig's drain and the deployed one; 50 to AWS each
 * client of each process (the SDK's limit).
 */
const limits: Growth = {
  megabytes: 600,
  handles: 150,
  brokerConnections: 8,
  awsConnections: 400,
}

export function judgeGrowth(growth: Growth): Problem[] {
  return Object.entries(limits)
    .filter(([name, limit]) => growth[name as keyof Growth] > limit)
    .map(([name, limit]) => ({
      kind: 'grown',
      text: `${name}: ${growth[name as keyof Growth]} when all is quiet, and ${limit} at most`,
    }))
}
