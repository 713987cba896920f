import { takeBack } from '../../lib/aws/cell/carry-cell.ts'
import { changeTenant } from '../../lib/tenants/edit-file.ts'
import { parseTenants } from '../../lib/tenants/tenants-file.ts'
import { say } from '../say.ts'
import { editTenantsFile } from './edit-tenants-file.ts'
import { withMoveLock } from './move-lock.ts'
import { findMove, requireMove } from './tenants-carry.ts'
import { readTenantsText } from './tenants-file.ts'
import { print } from './text.ts'

export interface StayOptions {
  readonly tenants: string
  readonly tenant: string
  readonly toRegion?: string
  readonly json?: boolean
}

export const stayHelp = `
Held notifications that "tenants carry" has handed over are the tenant's own cell's again, and movingTo
goes out of the file. May be interrupted, and run again. A move that is complete is not given up, but made
in the other direction.
`

/** Gives up the move of a tenant, at any point before the file names the new cell. */
export async function giveUpMove(options: StayOptions): Promise<void> {
  const { tenants: file, tenant } = options
  await withMoveLock(file, tenant, () => giveUpAlone(options))
}

async function giveUpAlone(options: StayOptions): Promise<void> {
  const { tenants: file, tenant, toRegion, json } = options
  const tenants = parseTenants(readTenantsText(file), file)
  const { move } = findMove(tenants, tenant, file, 'there is no move to give up')
  const held = await takeBack(move, toRegion)
  await editTenantsFile(file, (text) => {
    requireMove(parseTenants(text, file), move, file)
    return { text: changeTenant({ text, file }, tenant, { movingTo: undefined }) }
  })
  const { from } = move
  print(
    json
      ? JSON.stringify({ ...move, held })
      : `${say('{tenant} stays in {cell}, which has {held} held notifications back', { tenant, cell: from, held })}\n` +
          `${say('{file} is written', { file })}\n\n${say('Next:')}\n` +
          `  npx ecos-eventbridge tenants apply --cell ${from}`,
  )
}
