import { describe, expect, it } from '@jest/globals'
import { planCell } from '../../../lib/tenants/plan.ts'
import { bridgeDrainPart } from '../../../lib/tenants/template/bridge-drain.ts'
import type { Settings } from '../../../lib/tenants/template/settings.ts'

const tenant = { id: 'acme', events: [], locale: 'ru', cell: 'main' }
const defaults = {
  concurrentDrains: 3,
  drainSubnetIds: [],
  drainSecurityGroupIds: [],
  zooKeeperServers: '',
} as unknown as Settings

function partOf(settings: Partial<Settings> = {}) {
  return bridgeDrainPart(planCell([tenant], 'main'), { ...defaults, ...settings }, ['SomeRule'])
}

describe('the drain', () => {
  it('is deployed after rules and policies', () => {
    expect(partOf().functions['BridgeDrain']?.dependsOn).toEqual(['SomeRule'])
  })

  it('reserves a copy for each drain that starts together, if concurrency is reserved', () => {
    expect(partOf().functions['BridgeDrain']).not.toHaveProperty('reservedConcurrency')
    const { functions } = partOf({ reserveConcurrency: true })
    expect(functions['BridgeDrain']?.reservedConcurrency).toBe(3)
  })

  it('runs outside of VPCs and may not create network interfaces by default', () => {
    const { functions, resources } = partOf()
    expect(functions['BridgeDrain']).not.toHaveProperty('vpc')
    expect(JSON.stringify(resources['BridgeDrainRole'])).not.toContain('ec2:')
  })

  it('runs in the given subnets, with the permission for its network interfaces', () => {
    const vpc = { drainSubnetIds: ['subnet-1', 'subnet-2'], drainSecurityGroupIds: ['sg-1'] }
    const { functions, resources } = partOf(vpc)
    expect(functions['BridgeDrain']?.vpc).toEqual({
      subnetIds: ['subnet-1', 'subnet-2'],
      securityGroupIds: ['sg-1'],
    })
    expect(JSON.stringify(resources['BridgeDrainRole'])).toContain('ec2:CreateNetworkInterface')
  })
})
