import { Command, Option } from 'commander'
import { tenantPolicies } from '../../lib/tenants/tenant-policies.ts'
import { cellOption, tenantOption } from './options.ts'
import { print } from './text.ts'

interface PermissionsOptions {
  readonly cell: string
  readonly tenant: string
  readonly rule: string[]
  readonly account: string
  readonly region: string
  readonly payloadBucket: string
  readonly tenantAccount?: string
}

const help = `
Asks AWS nothing. Prints one JSON document of IAM policies:
  deployer  for whoever deploys the tenant's functions in the cell's account
  function  for the role of the functions; each rule feeds the queue of the same name
  bus       with --tenant-account: the statements of the bus's own policy for that account
`

/** `permissions`: writes the IAM policies that hold a tenant to its own events. */
export function permissionsCommand(): Command {
  return new Command('permissions')
    .description(
      "Writes IAM policies for a tenant's own functions, which hold it to its own events",
    )
    .addOption(cellOption())
    .addOption(tenantOption().makeOptionMandatory())
    .requiredOption('--rule <name...>', 'the rules of the tenant, by their full names')
    .requiredOption('--account <id>', 'the account of the cell')
    .addOption(
      new Option('--region <region>', "the cell's region").env('AWS_REGION').makeOptionMandatory(),
    )
    .requiredOption('--payload-bucket <name>', "the cell's bucket of payloads")
    .option(
      '--tenant-account <id>',
      "the tenant's own account, if its rules are written from there",
    )
    .addHelpText('after', help)
    .action(({ rule, ...options }: PermissionsOptions) => {
      print(JSON.stringify(tenantPolicies({ ...options, rules: rule }), null, 2))
    })
}
