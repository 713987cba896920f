import { Command, Option } from 'commander'
import * as z from 'zod'
import { tenantId } from '../../lib/tenants/tenant-id.ts'
import { tenantPolicies } from '../../lib/tenants/tenant-policies.ts'
import { cellName } from '../../lib/tenants/tenants-file.ts'
import { helpBelow } from '../russian/help.ts'
import { below, say } from '../say.ts'
import { checked } from './checked.ts'
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

const accountId = z.string().regex(/^\d{12}$/, { error: () => say('An account id has 12 digits') })
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, {
  error: () => say('It is a region such as eu-central-1'),
})
const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
  error: () => say('It is the name of a bucket, not an ARN'),
})

/** `permissions`: writes the IAM policies that hold a tenant to its own events. */
export function permissionsCommand(): Command {
  return new Command('permissions')
    .description(
      "Writes IAM policies for a tenant's own functions, which hold it to its own events",
    )
    .addOption(cellOption().argParser(checked(cellName)))
    .addOption(tenantOption().argParser(checked(tenantId)).makeOptionMandatory())
    .requiredOption('--rule <name...>', 'the rules of the tenant, by their full names')
    .requiredOption('--account <id>', 'the account of the cell', checked(accountId))
    .addOption(
      new Option('--region <region>', "the cell's region")
        .env('AWS_REGION')
        .argParser(checked(region))
        .makeOptionMandatory(),
    )
    .requiredOption('--payload-bucket <name>', "the cell's bucket of payloads", checked(bucketName))
    .option(
      '--tenant-account <id>',
      "the tenant's own account, if its rules are written from there",
      checked(accountId),
    )
    .addHelpText('after', below(help, helpBelow.permissions))
    .action(({ rule, ...options }: PermissionsOptions) => {
      print(JSON.stringify(tenantPolicies({ ...options, rules: rule }), null, 2))
    })
}
