/** The layers of the project: what each folder may import. `npm run check` refuses everything else. */
export interface Layer {
  readonly folder: string
  readonly holds: string
  /** Folders that its files may import, beside its own and the plain files of lib/. */
  readonly imports: readonly string[]
  /** Folders of which it may import types alone: the ports that it is handed. */
  readonly types?: readonly string[]
  /** What it may import of Node and of npm, where that is limited further than `adapterPackages`. */
  readonly packages?: readonly string[]
}

/** The plain files of lib/: errors, config, log and the like. Every layer may import them. */
export const base = '^lib/[^/]+[.]ts$'

/** A channel's interface, names, addresses and policies do no I/O: they are the port of the folder. */
const channelPort = "lib/channels' port"

/** @returns a pattern of the paths of a folder's files */
export function pathOf(folder: string): string {
  if (folder === channelPort) {
    const files =
      'channel|mail-feedback|message-parts|own-link|public-address|rate-limit|retry-policy|unsubscribe'
    return `^lib/channels/((${files})[.]ts$|addresses/)`
  }
  return `^${folder}/`
}

const core = ['lib/events', 'lib/tenants', 'lib/metrics', 'lib/queue-function', channelPort]

export const layers: readonly Layer[] = [
  {
    folder: 'lib/events',
    holds: 'what an ECOS event is: schemas, envelope, ids, attribute paths. Pure: no I/O',
    imports: [],
    packages: ['node:buffer', 'node:crypto', 'zod'],
  },
  {
    folder: 'lib/metrics',
    holds: 'the names of the metrics, and how they are written to the log',
    imports: ['lib/events', channelPort],
  },
  {
    folder: 'lib/tenants',
    holds: 'tenants.yml → plan → CloudFormation resources. Pure: no I/O',
    imports: ['lib/events', 'lib/metrics', channelPort],
    packages: ['node:crypto', 'yaml', 'zod'],
  },
  {
    folder: 'lib/queue-function',
    holds: 'what every queue-fed function shares: partial batches, retries, idempotency',
    imports: ['lib/events', channelPort],
  },
  {
    folder: 'lib/notifications',
    holds: "recipients, subscriptions, templates, a notification's states",
    imports: core,
  },
  {
    folder: 'lib/own-page',
    holds: 'the page on which a person changes their own notifications',
    imports: ['lib/events', 'lib/notifications', channelPort],
  },
  {
    folder: 'lib/records',
    holds: 'Record Events: handshake, attributes, events 2.0',
    imports: ['lib/events', 'lib/tenants', 'lib/notifications'],
    types: ['lib/zookeeper'],
  },
  {
    folder: 'lib/bridge',
    holds: 'from a queue to the bus: one core, and a folder for each front door',
    imports: ['lib/events', 'lib/tenants', 'lib/metrics', 'lib/records'],
    types: ['lib/zookeeper'],
  },
  {
    folder: 'lib/migration',
    holds: 'from the old consumers to the bridge, and back',
    imports: ['lib/events', 'lib/tenants', 'lib/bridge'],
  },
  {
    folder: 'lib/operations',
    holds: 'dead letters, doctor, replay',
    imports: ['lib/events', 'lib/tenants', 'lib/bridge', 'lib/notifications', channelPort],
  },
  {
    folder: 'lib/channels',
    holds: 'adapters to the providers: one file for each way to reach people',
    imports: ['lib/events'],
  },
  { folder: 'lib/zookeeper', holds: 'adapter: a client of ZooKeeper', imports: [] },
  {
    folder: 'lib/amqp',
    holds: 'adapter: the only files that import amqplib',
    imports: ['lib/bridge', 'lib/migration', 'lib/operations', 'lib/records'],
  },
  {
    folder: 'lib/aws',
    holds: 'adapter: the only files that import an AWS SDK',
    imports: [
      ...core,
      'lib/bridge',
      'lib/notifications',
      'lib/operations',
      'lib/own-page',
      'lib/records',
    ],
    types: ['lib/channels'],
  },
  {
    folder: 'lib/tenant-functions',
    holds: "tenants' own functions: `onEcosEvent`, wired to the adapters",
    imports: ['lib/events', 'lib/notifications', 'lib/queue-function', 'lib/aws'],
  },
  {
    folder: 'console',
    holds: "the operators' page: `server/`, and `page/`, which the browser gets as it stands",
    imports: ['lib/events', 'lib/tenants', 'lib/notifications', 'lib/operations', channelPort],
  },
  {
    folder: 'functions',
    holds: 'one thin file for each Lambda function; `shared/` composes what several need',
    imports: ['lib'],
  },
  { folder: 'bin', holds: 'the command `ecos-eventbridge`', imports: ['lib', 'console'] },
  {
    folder: 'build',
    holds: 'what `serverless.yml` needs: bundles, and the tenant-dependent part of the template',
    imports: ['lib'],
  },
  {
    folder: 'local',
    holds: 'the local stack, the demo, the run of the tests',
    imports: ['lib', 'bin', 'build', 'console', 'examples'],
  },
]

/** What a layer imports, in words: the rule's name, and the cell in CONTRIBUTING.md. */
export function importsOf({ imports, types = [] }: Layer): string {
  const words = [...imports, ...types.map((path) => `types of ${path}`)]
  return words.length > 0 ? words.join(', ') : 'no other folder'
}
