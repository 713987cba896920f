import { type Command, Option } from 'commander'
import { brokerVariables } from '../../lib/amqp/address.ts'
import { open } from '../../lib/amqp/connection.ts'
import { brokerLetters } from '../../lib/amqp/letter-boxes.ts'
import { listLetterBoxes } from '../../lib/aws/cell/letter-boxes.ts'
import { createPayloadStore } from '../../lib/aws/payloads.ts'
import { createDynamoDb } from '../../lib/aws/tables/dynamodb.ts'
import { createHistories, type History } from '../../lib/aws/tables/histories.ts'
import { topologiesOf } from '../../lib/bridge/topology.ts'
import { channelNames } from '../../lib/channels/channel.ts'
import { readEnvironment } from '../../lib/config.ts'
import { EcosError } from '../../lib/errors.ts'
import type { DeadLetter } from '../../lib/operations/dead-letter.ts'
import type { LetterBox } from '../../lib/operations/letter-box.ts'
import { returnable } from '../../lib/operations/quarantined.ts'
import type { Selection } from '../../lib/operations/selection.ts'
import { tenantsOfCell } from '../../lib/tenants/cell-tenants.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'
import { readTenants } from './tenants.ts'
import { time } from './time.ts'

export interface DlqOptions extends Selection {
  readonly cell: string
  readonly queue?: string
  readonly json?: boolean
}

const dlqHelp = `
What is at the broker is there too, if AMQP_URL (with AMQP_CA) and TENANTS_FILE are set; the way back
out of the quarantine needs AMQP_URL. AWS_* as the AWS SDK reads them.
`

/** Which letters are meant. */
export function dlqOptions(command: Command): Command {
  return command
    .addOption(new Option('--cell <name>', 'the cell').env('CELL').default('main'))
    .option('--queue <name>', 'only that queue')
    .option('--tenant <id>', 'only that tenant')
    .option('--type <event type>', 'only events of that type')
    .option('--reason <text>', 'only what has this in its reason')
    .option('--id <id>', 'only that event, notification or message, by its id')
    .addOption(new Option('--from <time>', 'only what came at that time or later').argParser(time))
    .addOption(new Option('--to <time>', 'only what came before that time').argParser(time))
    .option('--json', 'print one JSON document')
    .addHelpText('after', dlqHelp)
}

export interface Boxes {
  readonly boxes: readonly LetterBox[]
  historyOf(letter: DeadLetter): Promise<History>
  reasonOf(letter: DeadLetter): Promise<string | undefined>
}

/**
 * Does something with the cell's dead-letter queues, its quarantine and, where the broker is named,
 * its dead-letter queues there.
 *
 * @param onNoBroker told why the broker can't be had, and then its queues are left out; without it
 *   that is thrown
 * @throws EcosError `no-such-cell`, `no-such-queue`
 */
export async function withBoxes<T>(
  { cell, queue }: DlqOptions,
  work: (boxes: Boxes) => Promise<T>,
  onNoBroker?: (error: unknown) => void,
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
    const atBroker: LetterBox[] = []
    const inCell = letters ? tenantsOfCell(tenants, cell) : []
    for (const { tenant, deadLetterQueue, queue: source } of inCell.flatMap(topologiesOf)) {
      const box = await letters?.box(tenant, deadLetterQueue, source)
      if (box) atBroker.push(box)
    }
    const all = [...atAws, ...atBroker]
    const boxes = queue === undefined ? all : all.filter(({ name }) => name === queue)
    if (boxes.length === 0) throw noSuchQueue(queue, all)
    const historyOf = createHistories(`${cellPrefix(cell)}-notifications`, createDynamoDb())
    return await work({
      boxes,
      historyOf,
      reasonOf: async (letter) => (await historyOf(letter)).reason,
    })
  } finally {
    // One that is lost can't be closed, and what it was lost of is the error to tell.
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

/** Only the bridge writes into the quarantine, and so the bucket that it names is the cell's. */
function loadPayload(bodyref: string): Promise<Uint8Array> {
  return createPayloadStore(new URL(bodyref).host).loadBytes(bodyref)
}

function noBroker(): EcosError {
  return new EcosError(
    'no-broker',
    "What is in the quarantine goes back into the bridge's queue: set AMQP_URL",
  )
}

function noSuchCell(cell: string): EcosError {
  return new EcosError(
    'no-such-cell',
    `There is no queue ${cellPrefix(cell)}-… in that account and region: set --cell, AWS_REGION`,
  )
}

function noSuchQueue(queue: string | undefined, all: readonly LetterBox[]): EcosError {
  const names = all.map(({ name }) => name).join(', ')
  return new EcosError('no-such-queue', `There is no queue ${queue}; there are ${names}`)
}
