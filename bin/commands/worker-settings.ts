import * as z from 'zod'
import { brokerVariables } from '../../lib/amqp/address.ts'
import { defaultBusClient, eventBridgeClients } from '../../lib/aws/bus/open-bus.ts'
import { interestVariables } from '../../lib/aws/tables/read-interests.ts'
import { mostPrefetch } from '../../lib/bridge/worker/shares.ts'
import { readEnvironment } from '../../lib/config.ts'
import { queueVariables } from '../../lib/tenants/pools.ts'

/** Node.js shortens a timer of more than 2^31 milliseconds to one millisecond. */
const longestTimer = 2_000_000

const whole = z.coerce.number().int()

/** The environment variables that the worker reads itself. */
export const workerVariables = brokerVariables.extend({
  EVENT_BUS_NAME: z.string(),
  EVENTBRIDGE_CLIENT: z.enum(eventBridgeClients).default(defaultBusClient),
  TENANTS_TABLE: z.string().optional(),
  TENANTS_FILE: z.string().optional(),
  QUARANTINE_QUEUE_URL: z.url(),
  ...queueVariables,
  PAYLOAD_BUCKET: z.string().optional(),
  CELL: z.string().optional(),
  ZOOKEEPER_SERVERS: z.string().optional(),
  PREFETCH: whole.min(1).max(mostPrefetch).optional(),
  CALLS_IN_FLIGHT: whole.min(1).default(128),
  MAX_PUT_EVENTS_PER_SECOND: z.coerce.number().positive().optional(),
  HOLD_SECONDS: whole.min(1).default(600),
  SHUTDOWN_SECONDS: whole.min(1).max(longestTimer).default(25),
  HEALTH_PORT: whole.min(0).max(65_535).optional(),
  METRICS: z.enum(['emf']).optional(),
  HEALTH_HOST: z.string().default('127.0.0.1'),
  ...interestVariables,
  TEMPLATES_DIR: z.string().optional(),
})

export type WorkerSettings = z.infer<typeof workerVariables>

/** The variables in `--help`; docs/deploy/README.md has more. */
export const workerHelp = `
Configured by environment variables:
  AMQP_URL              amqp:// or amqps://, with user, password and virtual host (required)
  AMQP_CA               for amqps:// with a private CA: its certificate, a file or PEM text
                        (default: the CAs bundled with Node.js)
  EVENT_BUS_NAME        the bus that takes the events (required)
  TENANTS_TABLE         the cell's table of applied tenants, ecos-<cell>-tenants: read every 30 s, so that
                        tenants come and go while the worker runs (required, or TENANTS_FILE)
  TENANTS_FILE          path of tenants.yml, read every 30 s too; beside TENANTS_TABLE only the start,
                        until the table can be read
  QUARANTINE_QUEUE_URL  the SQS queue for messages that can't be bridged (required)
  PAYLOAD_BUCKET        the S3 bucket for payloads too large for the bus; without it, such a message
                        goes to its tenant's dead-letter queue at the broker
  ZOOKEEPER_SERVERS     host:port of ECOS's ZooKeeper, several with commas; for a tenant with
                        events 2.0
  CELL                  only the tenants of this cell (default: all in the file)
  PARTITIONS            the partitions of the cell, as it is deployed (default {partitions})
  QUEUES                own or pooled: a queue for each tenant, or one for the tenants of a partition, as the
                        cell is deployed (default own; docs/tenants.md#pooled-queues)
  PREFETCH              messages in memory at once, over all queues, at most (default 12 for each of
                        CALLS_IN_FLIGHT, or 10 for each queue, up to 10,000, where that is more)
  CALLS_IN_FLIGHT       PutEvents calls at once, at most: as many as their latency needs (default 128)
  MAX_PUT_EVENTS_PER_SECOND
                        PutEvents calls a second, of this worker (default: as many as the bus takes)
  EVENTBRIDGE_CLIENT    lean or sdk: how PutEvents is called (default lean; docs/performance.md)
  HTTPS_PROXY, NO_PROXY the proxy through which AWS is reached, and the hosts that are reached without it
  HOLD_SECONDS          how long messages are held while the bus accepts none before they go back;
                        less than the broker's consumer_timeout (default 600)
  SHUTDOWN_SECONDS      after SIGTERM or SIGINT, time to finish what is in flight (default 25)
  HEALTH_PORT           serve GET /live and GET /ready there; 0 takes a free port (default: not served)
  HEALTH_HOST           the address to serve them on (default 127.0.0.1)
  METRICS               emf: write CloudWatch metrics to the log every minute, in the embedded metric
                        format (needs CELL; default: none)
  SUBSCRIPTIONS_TABLE, RECORD_LISTENERS_TABLE, TEMPLATES_DIR
                        the cell's tables and your folder of templates: the attributes that they need are requested from the
                        sources of record events, docs/record-events.md (default: none)
  LOG_LEVEL             DEBUG, INFO, WARN or ERROR (default INFO)
  AWS_*                 as the AWS SDK reads them: AWS_REGION, credentials, AWS_ENDPOINT_URL_EVENTBRIDGE, …

Exit code: 0 after a signal, when everything in flight is settled; 1 for a wrong setting, when the time
is up, or at a second signal: the broker then delivers the unsettled messages again.
`

/** @throws EcosError `missing-variable`, `invalid-variable` */
export function readWorkerSettings(): WorkerSettings {
  return readEnvironment(workerVariables, process.env)
}
