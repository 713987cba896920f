import type { Command } from 'commander'
import { brokerVariables } from '../../lib/amqp/address.ts'
import { open } from '../../lib/amqp/connection.ts'
import { brokerLetters } from '../../lib/amqp/letter-boxes.ts'
import { listLetterBoxes } from '../../lib/aws/cell/letter-boxes.ts'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { createHistories, type History } from '../../lib/aws/tables/histories.ts'
import { channelNames } from '../../lib/channels/channel.ts'
import { readEnvironment } from '../../lib/config.ts'
import type { EcosError } from '../../lib/errors.ts'
import type { Deed } from '../../lib/operations/audit.ts'
import type { DeadLetter } from '../../lib/operations/dead-letter.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import { returnable } from '../../lib/operations/quarantined.ts'
import type { Selection } from '../../lib/operations/selection.ts'
import { tenantsOfCell, tenantsOnTheirWay } from '../../lib/tenants/cell-tenants.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { placeInPools } from '../../lib/tenants/pools.ts'
import { helpBelow } from '../russian/help.ts'
import { below, fault } from '../say.ts'
import { type Absences, boxesOf, queuesMeant, type Whereabouts } from './dlq-queues.ts'
import { cellOption, fromOption, tenantOption, toOption } from './options.ts'
import { type OutputOptions, withOutput } from './output.ts'
import { queueSettings } from './queue-settings.ts'
import { readTenants } from './tenants-file.ts'

export interface DlqOptions extends Selection, OutputOptions {
  readonly cell: string
  readonly queue?: string
}

/** Messages of one queue that \`list\` and \`show\` read, at most. */
export const maxRead = 10_000

const dlqHelp = `
With AMQP_URL (and AMQP_CA) and TENANTS_FILE the dead-letter queues at the broker are included. To
send messages of the quarantine back needs AMQP_URL. QUEUES and PARTITIONS as for \`bridge run\`.
Reads the AWS_* variables.
`

/** Options that select letters. */
export function dlqOptions(command: Command): Command {
  return withOutput(command)
    .addOption(cellOption())
    .option('--queue <name>', 'only this queue')
    .addOption(tenantOption())
    .option('--type <event type>', 'only events of this type')
    .option('--reason <text>', 'only messages whose reason contains this text')
    .option('--id <id>', 'only this event, notification or message; its first 6 characters do')
    .addOption(fromOption())
    .addOption(toOption())
    .addHelpText('after', below(dlqHelp, helpBelow.dlq))
}

/** The record of letters that are sent back or removed. */
export function lettersDeed(
  action: 'letters.redrive' | 'letters.purge',
  { tenant, type, reason, queue, id }: DlqOptions,
): Deed {
  return {
    action,
    ...(tenant && { tenant }),
    ...(type && { eventType: type }),
    ...(reason && { cause: reason }),
    ...(queue && { queue }),
    ...(id && { eventId: id }),
  }
}

export interface Boxes {
  readonly boxes: readonly LetterBox[]
  historyOf(letter: DeadLetter): Promise<History>
  reasonOf(letter: DeadLetter): Promise<string | undefined>
}

interface BoxesSettings {
  /** Called with the error if the broker can't be reached; its queues are then left out. Without it it is thrown. */
  readonly onNoBroker?: (error: unknown) => void
  /** For a process that looks again and again. */
  readonly absences?: Absences
}

/**
 * Works with the cell's dead-letter queues, its quarantine and, with AMQP_URL, its dead-letter queues
 * at the broker: those in which the letters that are meant can be.
 *
 * @throws EcosError `no-such-cell`, `no-such-queue`
 */
export async function withBoxes<T>(
  { cell, queue, tenant }: DlqOptions,
  work: (boxes: Boxes) => Promise<T>,
  { onNoBroker, absences }: BoxesSettings = {},
): Promise<T> {
  const connection = await connectBroker(onNoBroker)
  try {
    const letters = connection && brokerLetters(connection)
    const atAws = await listLetterBoxes({
      prefix: cellPrefix(cell),
      channels: channelNames,
      async sendToBridge(body) {
        if (letters === undefined) throw noBroker()
        await letters.sendTo(await returnable(body, loadPayload))
      },
    })
    if (atAws.length === 0) throw noSuchCell(cell)
    const tenants = process.env['TENANTS_FILE'] ? readTenants(process.env['TENANTS_FILE']) : []
    const own = [...tenantsOfCell(tenants, cell), ...tenantsOnTheirWay(tenants, cell)]
    const settings = queueSettings()
    const inCell = letters ? placeInPools(own, settings) : []
    const atBroker = async (meant: Whereabouts) =>
      letters ? boxesOf(queuesMeant(inCell, settings.PARTITIONS, meant), letters.box, absences) : []
    const boxes = [
      ...atAws.filter(({ name }) => name === (queue ?? name)),
      // A queue that is named is there, whosever letters it has.
      ...(await atBroker(queue === undefined ? { tenant } : { queue })),
    ]
    if (boxes.length === 0) throw noSuchQueue(queue, [...atAws, ...(await atBroker({}))])
    const historyOf = createHistories(`${cellPrefix(cell)}-notifications`, createDynamoDb())
    return await work({
      boxes,
      historyOf,
      reasonOf: async (letter) => (await historyOf(letter)).reason,
    })
  } finally {
    // A lost connection can't be closed; the error that ended it is the one to report.
    await connection?.close().catch(() => undefined)
  }
}

async function connectBroker(onNoBroker?: (error: unknown) => void) {
  if (!process.env['AMQP_URL']) return undefined
  const { AMQP_URL, AMQP_CA } = readEnvironment(brokerVariables, process.env)
  try {
    return await open(AMQP_URL, AMQP_CA)
  } catch (error) {
    if (!onNoBroker) throw error
    onNoBroker(error)
    return undefined
  }
}

/** Only the bridge writes to the quarantine, so the bucket of a reference is the cell's. */
function loadPayload(bodyref: string): Promise<Uint8Array> {
  return createPayloadStore(new URL(bodyref).host).loadBytes(bodyref)
}

function noBroker(): EcosError {
  return fault(
    'no-broker',
    "Messages of the quarantine go back to the bridge's queue at the broker: set AMQP_URL",
  )
}

function noSuchCell(cell: string): EcosError {
  return fault(
    'no-such-cell',
    'This account and region have no queue {queue}: correct --cell or AWS_REGION',
    { queue: `${cellPrefix(cell)}-…` },
  )
}

function noSuchQueue(queue: string | undefined, boxes: readonly LetterBox[]): EcosError {
  const names = boxes.map(({ name }) => name).join(', ')
  return fault('no-such-queue', 'There is no queue {queue}; choose one of {names}', {
    queue: queue ?? '',
    names,
  })
}
