import { createInterface } from 'node:readline/promises'
import { createDeployedCell } from '../../lib/aws/cell/deployed-cell.ts'
import { openTenantsTable } from '../../lib/aws/tables/tenants-table.ts'
import { EcosError } from '../../lib/errors.ts'
import { planTenants, type TenantsPlan } from '../../lib/operations/apply-tenants.ts'
import { few } from '../../lib/operations/doctor/finding.ts'
import { type DeployedRule, rulesLeftOn } from '../../lib/operations/doctor/rules.ts'
import { ownRulesIn, undeployedRules } from '../../lib/operations/undeployed-rules.ts'
import { type Difference, isEmpty } from '../../lib/tenants/difference.ts'
import { cellPrefix, tenantsTable } from '../../lib/tenants/names.ts'
import { type CellPlan, maxRules, planCell } from '../../lib/tenants/plan.ts'
import { leavingDays } from '../../lib/tenants/published.ts'
import { readTenantsFile, type Tenant } from '../../lib/tenants/tenants-file.ts'
import { fault, say } from '../say.ts'
import { readTenantsText } from './tenants-file.ts'
import { nextText, type RoomOptions, roomOf } from './tenants-room.ts'
import { print } from './text.ts'

interface CellOptions extends Pick<RoomOptions, 'partitions' | 'reservedRules'> {
  readonly tenants: string
  readonly cell: string
  readonly json?: boolean
}

type PlanOptions = CellOptions & RoomOptions

interface ApplyOptions extends CellOptions {
  readonly yes?: boolean
}

/** A plan, and the rules without which it can't be applied. */
interface CheckedPlan extends TenantsPlan {
  readonly undeployed: readonly string[]
  /** The rules of the bus, if they had to be read. */
  readonly onBus: readonly DeployedRule[] | undefined
  /** Those of the whole file. */
  readonly tenants: readonly Tenant[]
  readonly ofCell: CellPlan
}

export async function showPlan(options: PlanOptions): Promise<void> {
  const { cell } = options
  const plan = await planOf(options)
  const room = roomOf(plan.tenants, [cell], options)
  // What a plan changes can be seen without the permission to list rules.
  const onBus = plan.onBus ?? (await rulesOf(cell).catch(() => undefined))
  const rulesLeft = onBus && rulesLeftOn(plan.ofCell, onBus)
  if (options.json) print(JSON.stringify({ ...documentOf(plan), ...room, rulesLeft }))
  else print([planText(plan), nextText(room), rulesLeftText(rulesLeft)].join('\n\n'))
}

function rulesLeftText(rulesLeft: ReturnType<typeof rulesLeftOn> | undefined): string {
  if (rulesLeft === undefined) {
    return say("The rules on the bus beside the cell's own could not be counted: doctor says why.")
  }
  const { left, others } = rulesLeft
  return say(
    "Rules on the bus beside the cell's own, such as those of tenants' functions: {others}; left of {limit}: {left}.",
    { others, left, limit: maxRules },
  )
}

function rulesOf(cell: string): Promise<readonly DeployedRule[]> {
  return createDeployedCell().rules(cellPrefix(cell))
}

export async function applyTenants(options: ApplyOptions): Promise<void> {
  const plan = await planOf(options)
  if (!options.json) print(planText(plan))
  refuseUndeployed(plan)
  const isCurrent = plan.version !== undefined && !plan.isUnreadable && isEmpty(plan.difference)
  if (!isCurrent && !options.yes && !(await isWanted(plan))) return
  const version = await plan.apply(new Date())
  if (options.json) return print(JSON.stringify({ ...documentOf(plan), version }))
  if (isCurrent) return
  const applied = 'Applied: version {version}. Functions and workers read it within 30 s.'
  print(say(applied, { version: version ?? '' }))
}

async function planOf(options: CellOptions): Promise<CheckedPlan> {
  const { tenants: file, cell, partitions, reservedRules } = options
  const content = readTenantsFile(readTenantsText(file), file)
  // Refuses what a deployment would refuse.
  const ofCell = planCell(content.tenants, cell, { partitions, reservedRules })
  const plan = await planTenants(openTenantsTable(tenantsTable(cell)), content, cell)
  const needed = ownRulesIn(ofCell.tenants, plan.difference).length > 0
  const onBus = needed ? await rulesOf(cell) : undefined
  const undeployed = undeployedRules(ofCell.tenants, plan.difference, onBus ?? [])
  return { ...plan, undeployed, onBus, tenants: content.tenants, ofCell }
}

/** @throws EcosError `deployment-first` */
function refuseUndeployed({ cell, undeployed }: CheckedPlan): void {
  if (undeployed.length === 0) return
  throw new EcosError(
    'deployment-first',
    `The bus of the cell ${cell} lacks rules of tenants with partition: own: deploy the cell (npx osls deploy ` +
      `--stage ${cell}), which applies the file too. Nothing was applied`,
  )
}

function documentOf({ cell, version, difference, undeployed }: CheckedPlan): object {
  return { cell, version, ...difference, ...(undeployed.length > 0 && { undeployed }) }
}

/** Tenants that a plan names. */
const maxLines = 100

function planText({ cell, version, isUnreadable, difference, undeployed }: CheckedPlan): string {
  const { added, removed, changed, moved = [], elsewhere = [] } = difference
  const applied =
    version === undefined
      ? say('nothing is applied yet')
      : say('version {version} is applied', { version })
  const lines = [
    ...added.map((id) => `  + ${say('add {id}', { id })}`),
    ...removed.map((id) => `  - ${say('remove {id}', { id })}`),
    ...moved.map((id) => `  > ${say('move {id} to another cell', { id })}`),
    ...changed.map(
      ({ id, fields }) => `  ~ ${say('change {id}: {fields}', { id, fields: fields.join(', ') })}`,
    ),
    ...elsewhere.map((id) => `  ~ ${say('leave the queue of {id} to its new cell', { id })}`),
  ]
  return [
    `${say('Cell {cell}: {applied}', { cell, applied })}${lines.length > 0 ? say('; to do:') : ''}`,
    ...(isUnreadable
      ? [
          say(
            'It can not be read, and is replaced as a whole: tenants that were leaving are forgotten.',
          ),
        ]
      : []),
    ...(lines.length > 0 ? lines.slice(0, maxLines) : [`  ${say('no change')}`]),
    ...(lines.length > maxLines
      ? [`  ${say('… and {more} more: see --json', { more: lines.length - maxLines })}`]
      : []),
    ...consequences(difference),
    ...(undeployed.length > 0
      ? [
          say('Deploy first, which applies the file too: the bus lacks {rules}', {
            rules: few(undeployed),
          }),
        ]
      : []),
  ].join('\n')
}

function consequences(difference: Difference): string[] {
  const { length } = difference.removed
  const { length: moved } = difference.moved ?? []
  return [
    ...(length > 0
      ? [
          say('Removed tenants: the bridges unbind their queues, and drain them for {days} days.', {
            days: leavingDays,
          }),
        ]
      : []),
    ...(moved > 0
      ? [
          say(
            'Moved tenants: the bridges let their queues go, and events wait there for the other cell.',
          ),
          say(
            'If the cell has pooled queues, change it over to own queues first (QUEUES=own ecos-eventbridge bridge change-over): "tenants carry" takes no tenant out of a pool.',
          ),
        ]
      : []),
    ...(difference.changed.some(({ fields }) => fields.includes('partition'))
      ? [
          say(
            'Other partitions: if the cell has pooled queues, run "bridge change-over" first, or its bridges refuse these tenants until you do.',
          ),
        ]
      : []),
    ...difference.deploy.map((reason) => say('A deployment is needed too: {reason}', { reason })),
  ]
}

/** @throws EcosError `not-asked` without a terminal to answer at */
async function isWanted({ cell }: CheckedPlan): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw fault('not-asked', 'The tenants of the cell {cell} would change: add --yes', { cell })
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(say('Apply this? Type yes: '))
  terminal.close()
  return answer.trim() === 'yes'
}
