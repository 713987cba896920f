import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../local/commands.ts'
import { writeTenants } from '../../local/demo/run-tenants.ts'
import {
  type DeployOptions,
  deployPackage,
  oslsEnvironment,
  packageService,
} from '../../local/deploy.ts'
import type { Stack } from '../../local/stack.ts'
import { benchTenants } from '../job.ts'

/** What a cell of so many tenants costs its operator. */
export interface CellScale {
  readonly tenants: number
  readonly packageSeconds: number
  /** With the tenants applied at its end. */
  readonly deploySeconds: number
  /** `tenants plan`, and `tenants apply` of one more tenant, each as a process. */
  readonly planSeconds: number
  readonly applySeconds: number
  readonly resources: number
  readonly templateBytes: number
  /** Of the template without the time of its packaging: the same for all. */
  readonly templateHash: string
  /** The largest function's package, which holds the tenants of the deployment. */
  readonly packageBytes: number
}

/** Path below the project's folder. */
export const cellTenantsFile = join('.local', 'bench-scale', 'tenants.yml')

const folder = '.serverless'

/** Packages and deploys the cell with so many tenants, and then adds one. */
export async function measureCell(
  { parts, receivers, cloud, context }: Stack,
  tenants: number,
): Promise<CellScale> {
  const { amqpUrl, awsEndpoint, smtpUrl } = parts
  const options: DeployOptions = {
    ...{ receivers, cell: 'main', tenantsFile: cellTenantsFile, awsEndpoint, amqpUrl, smtpUrl },
  }
  await writeTenants(cellTenantsFile, benchTenants(tenants))
  const packageSeconds = await timed(() => packageService(options, context))
  const packaged = await readPackage()
  const deploySeconds = await timed(() => deployPackage(cloud, options, context))
  const command = (name: string, ...flags: string[]) =>
    run(
      process.execPath,
      ['bin/main.ts', 'tenants', name, '--tenants', cellTenantsFile, ...flags],
      {
        logFile: join(context.stateDir, 'logs', `tenants-${name}.log`),
        env: { ...oslsEnvironment(awsEndpoint), CELL: 'main' },
        signal: context.signal,
      },
    )
  await writeTenants(cellTenantsFile, benchTenants(tenants + 1))
  const planSeconds = await timed(() => command('plan'))
  const applySeconds = await timed(() => command('apply', '--yes'))
  return { tenants, packageSeconds, deploySeconds, planSeconds, applySeconds, ...packaged }
}

async function readPackage() {
  const text = await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8')
  const files = await readdir(folder)
  const sizes = files
    .filter((name) => name.endsWith('.zip'))
    .map(async (name) => {
      return (await stat(join(folder, name))).size
    })
  return {
    resources: Object.keys(JSON.parse(text).Resources).length,
    templateBytes: Buffer.byteLength(text),
    templateHash: createHash('sha256')
      .update(text.replaceAll(packagedAt, 'TIME'))
      .digest('hex')
      .slice(0, 12),
    packageBytes: Math.max(...(await Promise.all(sizes))),
  }
}

const packagedAt = /\d{13}-[\dT:.-]+Z/g

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
