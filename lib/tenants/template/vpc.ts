import type { Value } from './cloudformation.ts'
import { allow } from './queue-function.ts'
import type { Settings } from './settings.ts'

/** The `vpc` of a function as serverless.yml has it. */
export interface Vpc {
  readonly subnetIds: readonly string[]
  readonly securityGroupIds: readonly string[]
}

type VpcSettings = Pick<Settings, 'drainSubnetIds' | 'drainSecurityGroupIds'>

/** The VPC of the drain, which reaches a broker without a public address; undefined without one. */
export function drainVpc(settings: VpcSettings): Vpc | undefined {
  const { drainSubnetIds: subnetIds, drainSecurityGroupIds: securityGroupIds } = settings
  return subnetIds.length > 0 ? { subnetIds, securityGroupIds } : undefined
}

/**
 * Lets Lambda create network interfaces with the function's role. Their ids are not known beforehand, so the
 * resource is `*` (Lambda developer guide, configuration-vpc and with-mq, execution role permissions).
 */
export const networkInterfaces: Value = allow(
  [
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
  ],
  '*',
)
