/** By command, without the program's name: how it is typically called. `--help` shows them, a test parses them. */
export const examples: Readonly<Record<string, readonly string[]>> = {
  'attributes list': ['attributes list --tenant acme'],
  'attributes add': [
    'attributes add --tenant acme --listener statistics --type record-changed --attribute title author.email',
  ],
  'attributes remove': [
    'attributes remove --tenant acme --listener statistics --type record-changed',
  ],
  audit: ['audit --tenant acme --since yesterday'],
  'bridge run': ['bridge run'],
  'bridge declare': ['bridge declare --broker main'],
  'bridge change-over': ['bridge change-over --former-partitions 32'],
  'bridge unbind': ['bridge unbind --tenant acme --delete-empty-queues'],
  'bridge withdraw': ['bridge withdraw --tenant acme'],
  completion: ['completion bash > /etc/bash_completion.d/ecos-eventbridge'],
  console: ['console --cell main --allow-repair'],
  'dlq list': ['dlq list --tenant acme --since yesterday', 'dlq list --watch'],
  'dlq show': ['dlq show --id 9f86d081'],
  'dlq redrive': ['dlq redrive --tenant acme --type task.create --since 2h --run'],
  'dlq purge': ['dlq purge --tenant acme --reason not-json --into purged.jsonl'],
  doctor: ['doctor --cell main'],
  'migrate plan': ['migrate plan --tenant acme'],
  'migrate run': ['migrate run --tenant acme'],
  'migrate rollback': ['migrate rollback --tenant acme'],
  'notifications list': [
    'notifications list --tenant acme --user smith --since 1h',
    'notifications list --tenant acme --state ERROR --output yaml',
  ],
  'notifications show': ['notifications show --tenant acme --id 9f86d081'],
  'notifications resend': [
    'notifications resend --tenant acme --id 9f86d081 --bucket ecos-main-payloads',
    'notifications resend --tenant acme --state ERROR --since 8h --bucket ecos-main-payloads --run',
  ],
  'notifications cancel': ['notifications cancel --tenant acme --id 9f86d081'],
  'notifications send-test': ['notifications send-test --tenant acme --user smith --channel email'],
  'people list': ['people list --tenant acme'],
  'people set': [
    "people set --tenant acme --user smith --name 'Ann Smith' --email smith@acme.example",
  ],
  'people import': ['people import persons.csv --tenant acme --dry-run'],
  'people remove': ['people remove --tenant acme --user smith'],
  permissions: [
    'permissions --tenant acme --rule acme-tasks --account 123456789012 --region eu-central-1 --payload-bucket ecos-main-payloads',
  ],
  replay: [
    'replay --tenant acme --since 3h --until 1h',
    'replay --tenant acme --since 3h --until 1h --run',
  ],
  'subscriptions list': ['subscriptions list --tenant acme --user smith'],
  'subscriptions add': [
    'subscriptions add --tenant acme --user smith --type task.assign --channel email --address smith@acme.example',
  ],
  'subscriptions remove': ['subscriptions remove --tenant acme --user smith --type task.assign'],
  'subscriptions import': ['subscriptions import subscribers.json --dry-run'],
  'subscriptions page-link': [
    'subscriptions page-link --tenant acme --user smith --url https://notify.acme.example',
  ],
  'subscriptions preferences show': ['subscriptions preferences show --tenant acme --user smith'],
  'subscriptions preferences set': [
    `subscriptions preferences set --tenant acme --user smith '{"timeZone":"Europe/Moscow"}'`,
  ],
  'subscriptions revoke-links': ['subscriptions revoke-links --tenant acme --user smith'],
  'subscriptions rotate-key': [
    'subscriptions rotate-key --tenant acme --address https://hooks.acme.example/ecos',
  ],
  'subscriptions switch-off': [
    'subscriptions switch-off --tenant acme --user smith --channel email --address smith@acme.example',
  ],
  'subscriptions switch-on': [
    'subscriptions switch-on --tenant acme --user smith --channel email --address smith@acme.example',
  ],
  tail: ['tail --tenant acme --type task.create'],
  'templates preview': ['templates preview --type task.create --locale ru'],
  'templates check': ['templates check --subscriptions'],
  'templates import': [
    'templates import ecos-app/artifacts/notification/template --dry-run',
    'templates import ecos-app/artifacts --tenant acme --type task.assign',
  ],
  'tenants list': ['tenants list'],
  'tenants add': ['tenants add --tenant acme --events task.create,task.assign --locale ru'],
  'tenants remove': ['tenants remove --tenant acme'],
  'tenants move': [
    'tenants move --tenant acme --to-partition own',
    'tenants move --tenant acme --to-cell north',
  ],
  'tenants carry': [
    'tenants carry --tenant acme --from-payload-bucket main-payloads --to-payload-bucket north-payloads',
  ],
  'tenants stay': ['tenants stay --tenant acme'],
  'tenants plan': ['tenants plan --cell main'],
  'tenants apply': ['tenants apply --cell main'],
}
