/** The parts of CloudFormation and the Serverless Framework that the template uses. */

export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value }

export interface Resource {
  readonly Type: string
  readonly DependsOn?: readonly string[]
  readonly Properties: { readonly [key: string]: Value }
}
export type Resources = { readonly [logicalId: string]: Resource }

export function ref(logicalId: string): Value {
  return { Ref: logicalId }
}

export function arnOf(logicalId: string): Value {
  return { 'Fn::GetAtt': [logicalId, 'Arn'] }
}

/** An ARN in the stack's partition, region and account. */
export function arn(service: string, resource: string): Value {
  return {
    'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
  }
}

/** A function in the form of serverless.yml. */
export interface FunctionDefinition {
  readonly name: string
  readonly description?: string
  readonly handler: string
  readonly role: string
  /** Logical ids of resources that exist and are up to date before the function is deployed. */
  readonly dependsOn?: readonly string[]
  readonly timeout: number
  /** Retries of an asynchronous invocation, such as a schedule's; Lambda's default is 2. */
  readonly maximumRetryAttempts?: number
  /** Seconds for which Lambda keeps a throttled asynchronous invocation; its default is 6 hours. */
  readonly maximumEventAge?: number
  readonly reservedConcurrency?: number
  readonly vpc?: {
    readonly subnetIds: readonly string[]
    readonly securityGroupIds: readonly string[]
  }
  readonly memorySize: number
  readonly package: { readonly patterns: readonly string[] }
  readonly environment: { readonly [name: string]: Value }
  readonly events: readonly Value[]
}
export type Functions = { readonly [key: string]: FunctionDefinition }

/** The functions and resources that a part of the cell adds to the template. */
export interface Part {
  readonly functions: Functions
  readonly resources: Resources
}
