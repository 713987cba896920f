import { createRequire } from 'node:module'
import { Command, Option } from 'commander'
import { open } from '../../lib/amqp/connection.ts'
import { createExam } from '../../lib/amqp/exam.ts'
import { createDeployedCell } from '../../lib/aws/cell/deployed-cell.ts'
import { openTenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import { examineApplied } from '../../lib/operations/doctor/applied.ts'
import { examineBroker } from '../../lib/operations/doctor/broker.ts'
import { examineCell } from '../../lib/operations/doctor/cell.ts'
import { attempt, type Finding, ok, skipped } from '../../lib/operations/doctor/finding.ts'
import { examineNode } from '../../lib/operations/doctor/versions.ts'
import { tenantsOfCell } from '../../lib/tenants/cell-tenants.ts'
import { tenantsTable } from '../../lib/tenants/names.ts'
import { planCell } from '../../lib/tenants/plan.ts'
import { placeInPools } from '../../lib/tenants/pools.ts'
import { readTenantsFile, type Tenant } from '../../lib/tenants/tenants-file.ts'
import { exitCode } from '../exit-code.ts'
import { helpBelow } from '../russian/help.ts'
import { below, say } from '../say.ts'
import { brokerAddress } from './broker-address.ts'
import { cellOption, partitionsOption } from './options.ts'
import { type OutputOptions, printResult, withOutput } from './output.ts'
import { queueSettings } from './queue-settings.ts'
import { readTenantsText } from './tenants-file.ts'

interface DoctorOptions extends OutputOptions {
  readonly cell: string
  readonly tenants: string
  readonly partitions: number
}

const doctorHelp = `
Changes nothing. Reads the AWS_* variables. The broker is the one of AMQP_URL (with AMQP_CA) or, if it
is not set, of the cell's secret. Tenants with an Amazon MQ broker of their own are not checked there.

Ends with 3 if something is wrong.
`

/** `doctor`: one line for each check, with what to do if it failed. */
export function doctorCommand(): Command {
  return withOutput(new Command('doctor'))
    .description('Checks versions, permissions, the broker and the deployment, and says what to do')
    .addOption(cellOption())
    .addOption(
      new Option('--tenants <file>', 'path of tenants.yml')
        .env('TENANTS_FILE')
        .default('tenants.yml'),
    )
    .addOption(partitionsOption())
    .addHelpText('after', below(doctorHelp, helpBelow.doctor))
    .action(doctor)
}

async function doctor(options: DoctorOptions): Promise<void> {
  const { cell, tenants: file, partitions } = options
  const { config, version } = createRequire(import.meta.url)('ecos-eventbridge/package.json')
  const findings = [
    ok('ecos-eventbridge', version),
    examineNode(process.version, `>=${config.node}`),
    ...(await examineTenants(file, cell, partitions)),
  ]
  printResult(options, findings, () => textOf(findings))
  if (findings.some(({ state }) => state === 'wrong')) process.exitCode = exitCode.needsHand
}

async function examineTenants(
  file: string,
  cell: string,
  partitions: number,
): Promise<readonly Finding[]> {
  const read = await attempt('tenants.yml', () => readTenantsFile(readTenantsText(file), file))
  if ('finding' in read) return [read.finding]
  const { tenants } = read.result
  const plan = await attempt('quotas', () =>
    // The rules on the bus are counted: none need be kept free.
    planCell(tenants, cell, { partitions, reservedRules: 0 }),
  )
  return [
    ok('tenants.yml', `${tenants.length} tenants in ${file}`),
    ...('finding' in plan ? [plan.finding] : await examineCell(plan.result, createDeployedCell())),
    ...(await examineApplied(openTenantsTable(tenantsTable(cell)), read.result, cell)),
    ...(await lookAtBroker(cell, tenantsOfCell(tenants, cell), partitions)),
  ]
}

async function lookAtBroker(
  cell: string,
  tenants: readonly Tenant[],
  partitions: number,
): Promise<readonly Finding[]> {
  if (tenants.length === 0) return [skipped('RabbitMQ', 'the cell has no tenants')]
  const drained = tenants.filter(({ broker }) => broker === undefined)
  if (drained.length === 0) return [skipped('RabbitMQ', 'all tenants are at Amazon MQ brokers')]
  const connection = await attempt('RabbitMQ', async () => {
    const { url, ca } = await brokerAddress(cell)
    return open(url, ca)
  })
  if ('finding' in connection) return [connection.finding]
  try {
    return await examineBroker(
      placeInPools(drained, { ...queueSettings(), PARTITIONS: partitions }),
      createExam(connection.result),
    )
  } finally {
    await connection.result.close()
  }
}

const signs = { ok: 'ok    ', wrong: 'WRONG ', skipped: '-     ' } as const

function textOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length))
  return findings
    .map(({ subject, state, text }) => `${say(signs[state])} ${subject.padEnd(width)}  ${text}`)
    .join('\n')
}
