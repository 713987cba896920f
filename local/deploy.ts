import { dirname, join, resolve } from 'node:path'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
} from '@aws-sdk/client-secrets-manager'
import { type Cloud, cloudEnvironment } from './cloud.ts'
import { run } from './commands.ts'
import { compileCache } from './compile-cache.ts'
import type { Context } from './context.ts'
import { localParameters, type PackageOptions, type Parameters } from './parameters.ts'
import { inStep } from './progress.ts'

export type DeployOptions = PackageOptions & {
  awsEndpoint: string
  amqpUrl: string
  smtpUrl: string
}

/** The stack's outputs, by name. */
export type Deployment = Readonly<Record<string, string>>

/** Packages with the Serverless Framework and deploys that, as an operator does. */
export function deploy(
  cloud: Cloud,
  options: DeployOptions,
  context: Context,
): Promise<Deployment> {
  return runDeploy([], cloud, options, context)
}

/** Makes the deployment package in .serverless. It needs neither the local AWS nor the broker. */
export function packageService(options: PackageOptions, context: Context): Promise<void> {
  return inStep(context.onProgress, 'Packaging (osls package)', () =>
    runOsls('package', [], options, oslsEnvironment(), context),
  )
}

/** Deploys the package in .serverless. */
export function deployPackage(
  cloud: Cloud,
  options: DeployOptions,
  context: Context,
): Promise<Deployment> {
  return runDeploy(['--package', '.serverless'], cloud, options, context)
}

/** Stores the secrets and deploys. The deployment's waits between tries are short. */
async function runDeploy(
  flags: readonly string[],
  cloud: Cloud,
  options: DeployOptions,
  context: Context,
): Promise<Deployment> {
  const { awsEndpoint, amqpUrl, smtpUrl, receivers, cell } = options
  return inStep(
    context.onProgress,
    'Deploying (osls deploy)',
    async () => {
      const secrets = { 'amqp-url': amqpUrl, email: smtpUrl, ...receivers?.secrets }
      for (const [name, text] of Object.entries(secrets)) {
        await storeSecret(cloud, `ecos-${cell}/${name}`, text)
      }
      await runOsls('deploy', flags, options, oslsEnvironment(awsEndpoint), context)
      return readOutputs(cloud, `ecos-eventbridge-${cell}`)
    },
    () => `stack ecos-eventbridge-${cell}`,
  )
}

/** Deletes the stack: for an AWS that goes on when the demo ends. */
export async function undeploy(options: DeployOptions, context: Context): Promise<void> {
  // The signal that ends the work must not end this.
  const { signal } = new AbortController()
  await inStep(context.onProgress, 'Removing the stack (osls remove)', () =>
    runOsls('remove', [], options, oslsEnvironment(options.awsEndpoint), { ...context, signal }),
  )
}

function runOsls(
  command: string,
  flags: readonly string[],
  options: PackageOptions,
  env: NodeJS.ProcessEnv,
  { stateDir, signal }: Context,
): Promise<void> {
  const parameters = asParameters(localParameters(options))
  return run('osls', [command, ...flags, '--stage', options.cell, ...parameters], {
    logFile: join(stateDir, 'logs', `osls-${command}.log`),
    env,
    signal,
  })
}

function asParameters(parameters: Parameters): string[] {
  return Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`)
}

/** For the framework and what it runs, wherever its service is. */
export function oslsEnvironment(awsEndpoint?: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...compileCache,
    ...(awsEndpoint !== undefined && cloudEnvironment(awsEndpoint)),
    PATH: `${resolve('node_modules', '.bin')}:${dirname(process.execPath)}:${process.env['PATH']}`,
    // Milliseconds between two looks at the stack: the local AWS is done in less than a second.
    SLS_AWS_MONITORING_FREQUENCY: '300',
    // Without it the framework asks the network about its own versions and reports its use.
    SLS_NOTIFICATIONS_MODE: 'off',
    SLS_TELEMETRY_DISABLED: '1',
  }
}

export async function storeSecret({ secrets }: Cloud, name: string, text: string): Promise<void> {
  try {
    await secrets.send(new CreateSecretCommand({ Name: name, SecretString: text }))
  } catch (error) {
    if (!(error instanceof ResourceExistsException)) throw error
    await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString: text }))
  }
}

/** The outputs of a stack. */
export async function readOutputs({ cloudFormation }: Cloud, stack: string): Promise<Deployment> {
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }))
  const outputs = Stacks?.[0]?.Outputs ?? []
  return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
}
