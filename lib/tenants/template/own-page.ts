import { cellPrefix } from '../names.ts'
import type { CellPlan } from '../plan.ts'
import { arnOf, type Part, ref, type Value } from './cloudformation.ts'
import { allow, functionRole } from './queue-function.ts'
import { readSecrets, secretNames } from './secrets.ts'
import type { Settings } from './settings.ts'
import { readTenants } from './tenants-table.ts'

const file = 'own-page'
const role = 'OwnPageRole'
const url = 'OwnPageUrl'
const target = arnOf('OwnPageLambdaFunction')

/** Concurrent requests, where the cell reserves concurrency. */
const reserved = 10

type PageSettings = Pick<Settings, 'cell' | 'ownPage' | 'ownPageUrl'>

/** The secret by which links to people's own pages are signed. */
export function pageSecret({ cell }: Pick<Settings, 'cell'>): string {
  return `${cellPrefix(cell)}/page`
}

/** Where the page is reached: an address of yours, or the function's. Undefined if there is no page. */
export function pageAddress({ ownPage, ownPageUrl }: PageSettings): Value | undefined {
  if (!ownPage) return undefined
  return ownPageUrl === '' ? { 'Fn::GetAtt': [url, 'FunctionUrl'] } : ownPageUrl
}

/** The page on which a person changes their own notifications, if the cell has one. */
export function ownPagePart(
  { cell }: CellPlan,
  settings: PageSettings & Pick<Settings, 'reserveConcurrency' | 'tenantsFile'>,
): Part {
  if (!settings.ownPage) return { functions: {}, resources: {} }
  const name = `${cellPrefix(cell)}-${file}`
  const secretId = pageSecret(settings)
  return {
    functions: {
      OwnPage: {
        name,
        description: 'The page on which people choose their notifications',
        handler: `dist/functions/${file}/index.handler`,
        role,
        timeout: 15,
        memorySize: 256,
        ...(settings.reserveConcurrency && { reservedConcurrency: reserved }),
        package: { patterns: ['!**', `dist/functions/${file}/**`, settings.tenantsFile] },
        environment: {
          CELL: cell,
          TENANTS_FILE: settings.tenantsFile,
          TENANTS_TABLE: ref('TenantsTable'),
          OWN_PAGE_SECRET_ID: secretId,
          RATE_LIMITS_TABLE: ref('RateLimitsTable'),
          SUBSCRIPTIONS_TABLE: ref('SubscriptionsTable'),
        },
        events: [],
      },
    },
    resources: {
      [role]: functionRole(name, [
        allow(
          ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem'],
          arnOf('SubscriptionsTable'),
        ),
        allow(['dynamodb:UpdateItem'], arnOf('RateLimitsTable')),
        readTenants,
        readSecrets(...secretNames(secretId)),
      ]),
      [url]: {
        Type: 'AWS::Lambda::Url',
        Properties: { TargetFunctionArn: target, AuthType: 'NONE' },
      },
      // Everybody may ask: the signed link is the credential. Lambda wants both permissions.
      OwnPageUrlPermission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: target,
          Action: 'lambda:InvokeFunctionUrl',
          Principal: '*',
          FunctionUrlAuthType: 'NONE',
        },
      },
      OwnPageInvokePermission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: target,
          Action: 'lambda:InvokeFunction',
          Principal: '*',
          InvokedViaFunctionUrl: true,
        },
      },
    },
  }
}
