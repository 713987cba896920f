import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/**
 * The PutEvents and DescribeEventBus of EventBridge's HTTP API (AWS JSON 1.1), as a process of its
 * own that misbehaves on command and keeps a ledger of what it accepted:
 *
 *     node test/support/bus-stub.ts [port]     prints {"port":N} once it listens on 127.0.0.1
 *
 * POST /_script sets how it behaves from now on (a `Script`, in JSON), and empties the ledger.
 * GET /_ledger answers with the `Ledger`. It depends on nothing, so that a benchmark measures what
 * calls it.
 */
export interface Script {
  /** Milliseconds before each answer (default 0). */
  readonly latency?: number
  /** The faults of the first PutEvents calls, in order; null: no fault. */
  readonly faults?: readonly (Fault | null)[]
  /** The fault of every later call. */
  readonly always?: Fault
  /** The fault of DescribeEventBus. */
  readonly describe?: Fault
  /** Refuses each entry whose detail has this text: the entry itself, or the whole call. */
  readonly refuse?: { readonly text: string; readonly code: string; readonly status?: number }
  /** Whether the ledger has the accepted `entries` (default false: counts only). */
  readonly keep?: boolean
}

export type Fault =
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  /** Never answers. */
  | { readonly kind: 'silence' }
  /** Resets the connection, before or after it has accepted the entries. */
  | { readonly kind: 'reset'; readonly accepting: boolean }
  /** Fails the entries with these indexes, and accepts the others. */
  | { readonly kind: 'entries'; readonly indexes: readonly number[]; readonly code: string }
  /** Accepts this many entries, and answers for no others. */
  | { readonly kind: 'short'; readonly length: number }

export interface Ledger {
  /** Number of PutEvents calls, failed ones included, and of their entries. */
  readonly calls: number
  readonly entriesAsked: number
  /** The time of each call, in milliseconds of the stub's clock. */
  readonly callTimes: readonly number[]
  /** Bytes of the largest call, as EventBridge counts them, and its most entries. */
  readonly mostBytes: number
  readonly mostEntries: number
  /** How often each event was accepted, by the `id` in its detail, without probes. */
  readonly accepted: Readonly<Record<string, number>>
  readonly probes: number
  readonly entries: readonly PutEntry[]
}

export interface PutEntry {
  readonly Source: string
  readonly DetailType: string
  readonly Detail: string
  readonly Time?: number
}

/** Limits of a PutEvents call (EventBridge user guide, quotas). */
const entryLimit = 10
const byteLimit = 1_048_576

let script: Script
let faults: (Fault | null)[]
let accepted: Map<string, number>
let entries: PutEntry[]
let callTimes: number[]
let totals: {
  calls: number
  entriesAsked: number
  mostBytes: number
  mostEntries: number
  probes: number
}
follow({})

const server = createServer({ keepAlive: true }, (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()))
})
server.keepAliveTimeout = 60_000
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as { port: number }).port })}\n`)
})

function follow(next: Script): void {
  script = next
  faults = [...(next.faults ?? [])]
  accepted = new Map()
  entries = []
  callTimes = []
  totals = { calls: 0, entriesAsked: 0, mostBytes: 0, mostEntries: 0, probes: 0 }
}

function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
  switch (request.url) {
    case '/_script':
      follow(JSON.parse(body))
      send(response, 200, {})
      break
    case '/_ledger':
      send(response, 200, {
        ...totals,
        callTimes,
        accepted: Object.fromEntries(accepted),
        entries,
      } satisfies Ledger)
      break
    default:
      if (script.latency) setTimeout(() => answerApi(request, response, body), script.latency)
      else answerApi(request, response, body)
  }
}

function answerApi(request: IncomingMessage, response: ServerResponse, body: string): void {
  if (request.headers['x-amz-target'] === 'AWSEvents.PutEvents') {
    putEvents(response, JSON.parse(body).Entries)
  } else if (script.describe) {
    misbehave(response, script.describe)
  } else
    send(response, 200, { Name: JSON.parse(body).Name, Arn: 'arn:aws:events:::event-bus/stub' })
}

function putEvents(response: ServerResponse, asked: readonly PutEntry[]): void {
  const bytes = asked.reduce((sum, entry) => sum + bytesOf(entry), 0)
  callTimes.push(performance.now())
  totals.calls += 1
  totals.entriesAsked += asked.length
  totals.mostEntries = Math.max(totals.mostEntries, asked.length)
  totals.mostBytes = Math.max(totals.mostBytes, bytes)

  const { refuse } = script
  if (asked.length > entryLimit || bytes > byteLimit) {
    fail(response, 400, 'ValidationException')
  } else if (refuse?.status && asked.some(isRefused)) {
    fail(response, refuse.status, refuse.code)
  } else {
    putOrFail(response, asked, faults.length > 0 ? faults.shift() : script.always)
  }
}

function putOrFail(
  response: ServerResponse,
  asked: readonly PutEntry[],
  fault: Fault | null | undefined,
): void {
  switch (fault?.kind) {
    case 'error':
    case 'silence':
      misbehave(response, fault)
      break
    case 'reset':
      if (fault.accepting) asked.forEach(accept)
      misbehave(response, fault)
      break
    case 'short':
      put(response, asked.slice(0, fault.length))
      break
    case 'entries':
      put(response, asked, (index) => fault.indexes.includes(index) && fault.code)
      break
    default:
      put(response, asked)
  }
}

function put(
  response: ServerResponse,
  entriesPut: readonly PutEntry[],
  failureOf: (index: number) => string | false = () => false,
): void {
  const results = entriesPut.map((entry, index) => {
    const code = failureOf(index) || (isRefused(entry) && script.refuse?.code)
    return code ? { ErrorCode: code, ErrorMessage: 'as told' } : { EventId: accept(entry) }
  })
  const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length
  send(response, 200, { FailedEntryCount, Entries: results })
}

function isRefused({ Detail }: PutEntry): boolean {
  return script.refuse !== undefined && Detail.includes(script.refuse.text)
}

function misbehave(response: ServerResponse, fault: Fault): void {
  if (fault.kind === 'error') fail(response, fault.status, fault.code)
  else if (fault.kind === 'reset') response.socket?.destroy()
}

/** @returns the id that the bus assigns */
function accept(entry: PutEntry): string {
  const id = /"id":"((?:[^"\\]|\\.)*)"/.exec(entry.Detail)?.[1]
  if (id === undefined) totals.probes += 1
  else accepted.set(id, (accepted.get(id) ?? 0) + 1)
  if (script.keep) entries.push(entry)
  return `${totals.calls}-${accepted.size}`
}

function bytesOf({ Source, DetailType, Detail, Time }: PutEntry): number {
  const texts =
    Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail)
  return texts + (Time === undefined ? 0 : 14)
}

function fail(response: ServerResponse, status: number, code: string): void {
  send(response, status, { __type: code, message: 'as told' })
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
  response.end(JSON.stringify(body))
}
