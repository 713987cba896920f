import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape.
type Json = any

/** An empty ZIP archive: its end record alone. */
const emptyZip = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)])

/** The types that moto 5.2.5 does not create from a template. */
export const unknownToMoto: ReadonlySet<string> = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
])

/** The stack in moto. */
export interface MotoStack {
  readonly status: string | undefined
  readonly types: string[]
  /** For AWS clients. */
  readonly config: {
    readonly endpoint: string
    readonly region: string
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  }
}

/**
 * Creates a stack of the template in a moto server of its own, which applies its own checks: of policy
 * documents, event patterns, table keys and redrive policies.
 *
 * @param program the path of moto_server
 * @param look at the stack, before the server ends
 */
export async function deployToMoto(
  program: string,
  template: Json,
  look: (stack: MotoStack) => Promise<void>,
): Promise<void> {
  const port = await freePort()
  const server = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  try {
    const config = {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }
    const s3 = new S3Client({ ...config, forcePathStyle: true })
    const cloudFormation = new CloudFormationClient(config)
    await answers(config.endpoint)
    const TemplateBody = JSON.stringify(await adapt(template, s3))
    const StackName = 'cell'
    await cloudFormation.send(
      new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'] }),
    )
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }))
    const types: string[] = []
    for await (const page of paginateListStackResources(
      { client: cloudFormation },
      { StackName },
    )) {
      // A resource of a type that moto does not know has an empty type.
      types.push(...(page.StackResourceSummaries ?? []).flatMap((one) => one.ResourceType || []))
    }
    await look({ status: Stacks[0]?.StackStatus, types, config })
  } finally {
    server.kill()
    if (server.exitCode === null) await once(server, 'exit')
  }
}

/** Gives the functions some code, and avoids what moto can't do: a bus by reference, message groups of a standard queue. */
async function adapt(template: Json, s3: S3Client): Promise<Json> {
  const Bucket = 'code'
  await s3.send(new CreateBucketCommand({ Bucket }))
  const resources = await Promise.all(
    Object.entries<Json>(template.Resources).map(async ([id, resource]) => {
      const { Type, Properties, DependsOn = [] } = resource
      if (Type === 'AWS::Lambda::Function') {
        const { S3Key: Key } = Properties.Code
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: emptyZip }))
        return [
          id,
          { ...resource, Properties: { ...Properties, Code: { S3Bucket: Bucket, S3Key: Key } } },
        ]
      }
      if (Type === 'AWS::Events::Archive' || id.startsWith('ServerlessDeployment')) return []
      if (Properties?.EventBusName?.Ref !== 'Bus') return [id, resource]
      const EventBusName = template.Resources.Bus.Properties.Name
      const ordered = { ...resource, DependsOn: [...DependsOn, 'Bus'] }
      // moto takes a queue with message groups for a FIFO queue.
      const Targets = Properties.Targets?.map(({ SqsParameters: _, ...target }: Json) => target)
      const own = { ...Properties, EventBusName, ...(Targets && { Targets }) }
      return [id, { ...ordered, Properties: own }]
    }),
  )
  const { ServerlessDeploymentBucketName: _, ...Outputs } = template.Outputs
  const known = resources.filter((entry) => entry.length > 0) as [string, Json][]
  return { ...template, Outputs, Resources: Object.fromEntries(known) }
}

async function answers(endpoint: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await fetch(`${endpoint}/moto-api/`).catch(() => undefined)
    if (answer?.ok) return
    await sleep(200)
  }
  throw new Error(`moto does not answer at ${endpoint}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
