// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are pieces of sources.

/** What keeps one tenant, or one person's secrets, from another, and the test that fails without it. */
export interface Guard {
  readonly what: string
  readonly file: string
  /** Its text, which stands in the file once. */
  readonly guard: string
  /** The text without it. */
  readonly without: string
  /** The unit test that has to fail. */
  readonly test: string
}

const isolation = 'test/unit/isolation.test.ts'
const canaries = 'test/unit/canaries.test.ts'

export const guards: readonly Guard[] = [
  {
    what: 'Names and keys hold the id escaped',
    file: 'lib/tenant-name.ts',
    guard: "return plainId.test(id) ? id : `_${[...Buffer.from(id)].map(escapeByte).join('')}`",
    without: 'return id',
    test: isolation,
  },
  {
    what: 'A hash tells long names apart',
    file: 'lib/tenant-name.ts',
    guard: '${hashMark}${hash}`',
    without: '`',
    test: isolation,
  },
  {
    what: "A body decides no event's tenant",
    file: 'lib/events/event.ts',
    guard: '    event: {\n      tenant,',
    without: "    event: {\n      tenant: String(message['tenantId'] ?? tenant),",
    test: isolation,
  },
  {
    what: 'Another tenant that a message names is reported',
    file: 'lib/bridge/settle-message.ts',
    guard: 'if (namedIn === undefined) return',
    without: 'return',
    test: isolation,
  },
  {
    what: 'In a pool only an exchange of a tenant is one',
    file: 'lib/bridge/bridge-queue.ts',
    guard: 'byExchange.get(delivered.exchange)',
    without: 'byExchange.get(delivered.exchange) ?? pooled[0]',
    test: 'test/unit/bridge/bridge-queue.test.ts',
  },
  {
    what: 'In a pool a dead letter is not whose its publisher wrote',
    file: 'lib/amqp/letter-boxes.ts',
    guard: 'death.count === 1 && ',
    without: '',
    test: 'test/unit/amqp/letter-boxes.test.ts',
  },
  {
    what: 'On RabbitMQ 3 a dead letter in a pool that its publisher can bring about is nobody’s',
    file: 'lib/amqp/letter-boxes.ts',
    guard: " && (isTold || death.reason === 'delivery_limit')",
    without: '',
    test: 'test/unit/amqp/letter-boxes.test.ts',
  },
  {
    what: 'The source of an event decides its tenant',
    file: 'lib/events/bus-event.ts',
    guard: 'source !== sourceOf(tenant) || ',
    without: '',
    test: isolation,
  },
  {
    what: "Large data is read from the tenant's own folder",
    file: 'lib/events/bus-event.ts',
    guard: 'if (key.startsWith(eventFolder(tenant))) return dataref',
    without: 'if (key) return dataref',
    test: isolation,
  },
  {
    what: "Large data is read from the cell's own bucket",
    file: 'lib/aws/payloads.ts',
    guard: 'if (!reference.startsWith(prefix)) {',
    without: 'if (reference === prefix) {',
    test: isolation,
  },
  {
    what: "A tenant's function refuses the events of others",
    file: 'lib/tenant-functions/consumer.ts',
    guard: 'if (tenant === own) return',
    without: 'if (tenant) return',
    test: 'test/unit/tenant-functions/on-ecos-event.test.ts',
  },
  {
    what: "A tenant's own rule takes its source alone",
    file: 'lib/tenants/partition-rules.ts',
    guard: 'const source = [sourceOf(tenant)] as const',
    without: 'const source = everyTenant',
    test: 'test/unit/tenants/partition-rules.test.ts',
  },
  {
    what: 'A replay takes the source of one tenant alone',
    file: 'lib/tenants/partition-rules.ts',
    guard: "source: [sourceOf(tenant)], 'detail-type': [type], 'replay-name'",
    without: "source: everyTenant, 'detail-type': [type], 'replay-name'",
    test: 'test/unit/tenants/partition-rules.test.ts',
  },
  {
    what: 'A replay to no rule, which would reach everybody, is refused',
    file: 'lib/operations/replay.ts',
    guard: 'if (types.length === 0) {',
    without: 'if (types.length < 0) {',
    test: 'test/unit/operations/replay.test.ts',
  },
  {
    what: 'A tenant may write no rule without a source',
    file: 'lib/tenants/tenant-policies.ts',
    guard: "    Null: { 'events:source': 'false' },\n",
    without: '',
    test: 'test/unit/tenants/tenant-policies.test.ts',
  },
  {
    what: "A tenant may write no rule that feeds the cell's queues",
    file: 'lib/tenants/tenant-policies.ts',
    guard: 'typeOfRule(name) !== undefined',
    without: "name === 'task'",
    test: 'test/unit/tenants/tenant-policies.test.ts',
  },
  {
    what: 'A tenant may read no queue of a cell',
    file: 'lib/tenants/tenant-policies.ts',
    guard: "name.startsWith(cellPrefix(''))",
    without: "name === 'ecos'",
    test: 'test/unit/tenants/tenant-policies.test.ts',
  },
  {
    what: 'Another account may change its own rules alone',
    file: 'lib/tenants/tenant-policies.ts',
    guard: 'Condition: { ...Condition, StringEqualsIfExists: creator },',
    without: 'Condition: { ...Condition },',
    test: 'test/unit/tenants/tenant-policies.test.ts',
  },
  {
    what: "A webhook's key is of its tenant",
    file: 'lib/channels/endpoint-key.ts',
    guard: "['ecos-eventbridge webhook', tenant, endpoint, generation]",
    without: "['ecos-eventbridge webhook', endpoint, generation]",
    test: isolation,
  },
  {
    what: "A link to one's own page is signed by a key of the tenant",
    file: 'lib/channels/own-link.ts',
    guard: "['ecos-eventbridge own page', tenant]",
    without: "['ecos-eventbridge own page']",
    test: isolation,
  },
  {
    what: "A channel's secret is of its tenant",
    file: 'lib/aws/channel-secrets.ts',
    guard: '/${tenantName(tenant, maxNameLength)}`',
    without: '`',
    test: isolation,
  },
  {
    what: 'An event in DynamoDB is found by its tenant',
    file: 'lib/aws/tables/notification-keys.ts',
    guard: 'event: `${escapeTenant(tenant)}#${eventType}#${eventId}`',
    without: 'event: `${eventType}#${eventId}`',
    test: isolation,
  },
  {
    what: 'A subscription in DynamoDB is found by its tenant',
    file: 'lib/aws/tables/subscriptions-items.ts',
    guard: 'escapeTenant(tenant) : `${escapeTenant(tenant)}#${username}`',
    without: 'escapeTenant(tenant) : `${username}`',
    test: isolation,
  },
  {
    what: 'A message as it was sent is found by its tenant',
    file: 'lib/aws/tables/sent-messages.ts',
    guard: '${sentPrefix}${escapeTenant(tenant)}#',
    without: '${sentPrefix}',
    test: 'test/unit/aws/tables/sent-messages.test.ts',
  },
  {
    what: 'A rate is of its tenant',
    file: 'lib/aws/tables/rate-limits-table.ts',
    guard: '[channel, escapeTenant(tenant), ...parts]',
    without: '[channel, ...parts]',
    test: isolation,
  },
  {
    what: 'A move to another cell carries no items of others',
    file: 'lib/aws/tables/carry-items.ts',
    guard: 'entry === undefined || isTenantEntry(entry)',
    without: 'entry === undefined || entry !== null',
    test: 'test/unit/aws/tables/carry-items.test.ts',
  },
  {
    what: 'A dead letter is of the tenant of its source',
    file: 'lib/operations/dead-letter.ts',
    guard: 'source === undefined ? named : tenantOfSender(source, named)',
    without: 'named',
    test: 'test/unit/operations/dead-letters.test.ts',
  },
  {
    what: 'What passes the bus is shown as that of the tenant of its source',
    file: 'console/server/passing.ts',
    guard: 'tenantOfSender(data.source, named)',
    without: 'named as string | undefined',
    test: 'test/unit/console/passing.test.ts',
  },
  {
    what: 'The reason of an unexpected error quotes nothing',
    file: 'lib/queue-function/fault.ts',
    guard: 'return error instanceof Error ? error.name : typeof error',
    without: 'return messageOf(error)',
    test: canaries,
  },
  {
    what: 'The reason on a record quotes nothing',
    file: 'lib/notifications/isolate.ts',
    guard: '${error instanceof Error ? error.name : typeof error}',
    without: '${error}',
    test: 'test/unit/notifications/isolate.test.ts',
  },
  {
    what: 'The function that hears of bounces quotes nothing',
    file: 'functions/shared/mail-feedback.ts',
    guard: '${reasonOf(cause)}',
    without: '${cause}',
    test: canaries,
  },
]
