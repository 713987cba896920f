import { dirname, join, resolve } from 'node:path'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
} from '@aws-sdk/client-secrets-manager'
import { type Cloud, cloudEnvironment } from './cloud.ts'
import { run } from './commands.ts'
import type { Context } from './context.ts'
import { inStep } from './progress.ts'
import type { Receivers } from './receivers/start.ts'

export type DeployOptions = {
  awsEndpoint: string
  amqpUrl: string
  smtpUrl: string
  /** Without them the channels but e-mail and SMS have no secrets, and go to the real providers. */
  receivers?: Receivers
  /** The cell, and so the stage. */
  cell: string
  /** Path below the project's folder. */
  tenantsFile: string
  /** Path below the project's folder; without it the project's own. */
  templatesDir?: string | undefined
}

/** The stack's outputs, by name. */
export type Deployment = Readonly<Record<string, string>>

/**
 * Does what an operator does: stores the secrets, packages with the Serverless Framework, and
 * deploys that package. Waits between tries are short, for somebody is watching.
 */
export async function deploy(
  cloud: Cloud,
  options: DeployOptions,
  context: Context,
): Promise<Deployment> {
  const { amqpUrl, smtpUrl, receivers, cell } = options
  const osls = (command: string, ...flags: string[]) => runOsls(command, flags, options, context)
  await inStep(context.onProgress, 'Packaging (osls package)', () => osls('package'))
  return inStep(
    context.onProgress,
    'Deploying (osls deploy)',
    async () => {
      const secrets = { 'amqp-url': amqpUrl, email: smtpUrl, ...receivers?.secrets }
      for (const [name, text] of Object.entries(secrets)) {
        await storeSecret(cloud, `ecos-${cell}/${name}`, text)
      }
      // What was packaged, and not what the framework would package anew.
      await osls('deploy', '--package', '.serverless')
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
    runOsls('remove', [], options, { ...context, signal }),
  )
}

function runOsls(
  command: string,
  flags: readonly string[],
  { awsEndpoint, cell, tenantsFile, templatesDir, receivers }: DeployOptions,
  { stateDir, signal }: Context,
): Promise<void> {
  const parameters = {
    tenantsFile,
    ...(templatesDir !== undefined && { templatesDir }),
    retryBaseSeconds: 1,
    retryCapSeconds: 2,
    dataDeletionPolicy: 'Delete',
    // MiniStack has no alarms on metric math.
    alarms: 'false',
    // It refuses AWS::Events::Archive as an unknown type.
    archive: 'false',
    ...(receivers && {
      webhookAllowPrivate: 'true',
      telegramApiUrl: receivers.telegramUrl,
      pushApiUrl: receivers.firebaseUrl,
    }),
  }
  return run('osls', [command, ...flags, '--stage', cell, ...asParameters(parameters)], {
    logFile: join(stateDir, 'logs', `osls-${command}.log`),
    env: oslsEnvironment(awsEndpoint),
    signal,
  })
}

function asParameters(parameters: Record<string, string | number>): string[] {
  return Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`)
}

/** For the framework and what it runs, wherever its service is. */
export function oslsEnvironment(awsEndpoint: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...cloudEnvironment(awsEndpoint),
    PATH: `${resolve('node_modules', '.bin')}:${dirname(process.execPath)}:${process.env['PATH']}`,
    // Milliseconds between two looks at the stack: the local AWS is done in less than a second.
    SLS_AWS_MONITORING_FREQUENCY: '300',
    // Without it the framework asks the network about its own versions and reports its use.
    SLS_NOTIFICATIONS_MODE: 'off',
    SLS_TELEMETRY_DISABLED: '1',
  }
}

async function storeSecret({ secrets }: Cloud, name: string, text: string): Promise<void> {
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
