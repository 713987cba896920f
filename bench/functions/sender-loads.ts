import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { type ChannelName, channelNames } from '../../lib/channels/channel.ts'
import {
  encodeQueued,
  notificationId,
  type QueuedNotification,
} from '../../lib/notifications/notification.ts'
import { type ProviderStub, startProviderStub } from './provider-stub.ts'
import { type Load, measureWork, type Work, type WorkPlan } from './work.ts'

/** How a channel reaches its provider, and whom. Every notification has an address of its own. */
interface Way {
  address(id: string): string
  readonly secret?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Measures the sender of every channel. Mails go to a real SMTP server, SMS to the stub of AWS. */
export async function measureSenders(plan: WorkPlan, scratch: string): Promise<Work[]> {
  const provider = await startProviderStub(scratch, plan.latency)
  const mails = await startMailServer(plan.latency)
  const ways = waysTo(provider, mails.url)
  const works: Work[] = []
  try {
    for (const channel of channelNames) {
      const { connections } = channel === 'email' ? mails : provider
      const load = senderLoad(channel, ways[channel], connections)
      works.push(await measureWork(`send-${channel}`, plan, load))
    }
  } finally {
    provider.close()
    await mails.close()
  }
  return works
}

function waysTo({ url, certificate }: ProviderStub, mailUrl: string): Record<ChannelName, Way> {
  const environment = { NODE_EXTRA_CA_CERTS: certificate, WEBHOOK_ALLOW_PRIVATE: 'true' }
  return {
    email: { address: (id) => `${id}@acme.example`, secret: mailUrl },
    telegram: {
      address: (id) => id.replace(/\D+/, '1'),
      secret: '1:bench',
      environment: { ...environment, TELEGRAM_API_URL: url },
    },
    webhook: {
      address: (id) => `${url}/hooks/${id}`,
      secret: `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
      environment,
    },
    push: {
      address: (id) => id,
      secret: serviceAccount(url),
      environment: { ...environment, PUSH_API_URL: url },
    },
    sms: { address: (id) => `+7916${id.replace(/\D+/, '').padStart(7, '0')}` },
    chat: { address: (id) => `${url}/services/${id}`, environment },
  }
}

/** The key file of a Google service account. */
function serviceAccount(url: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return JSON.stringify({
    project_id: 'bench',
    client_email: 'bench@example.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${url}/token`,
  })
}

function senderLoad(channel: ChannelName, way: Way, connections: () => number): Load {
  const known = new Map<unknown, Record<string, unknown>>()
  return {
    ...way,
    perMessage: 1,
    connections,
    body(id) {
      const queued = queuedNotification(channel, id, way.address(id))
      const subject = { subject: id, username: 'petrov' }
      const state = { state: 'WAIT_FOR_DISPATCH', deliveries: [], attempts: 0, resend: 0 }
      known.set(`notification#${queued.notificationId}`, { ...queued, ...subject, ...state })
      return encodeQueued(queued)
    },
    find: (_, { entry }) => known.get(entry),
  }
}

function queuedNotification(
  channel: ChannelName,
  eventId: string,
  address: string,
): QueuedNotification {
  const about = { tenant: 'local-ecos', eventType: 'task.create', eventId, channel, address }
  const content = { title: 'A task', text: 'A text', html: '<p>A text</p>', locale: 'en' }
  return {
    ...about,
    ...content,
    notificationId: notificationId({ ...about, username: 'petrov' }),
    customData: {},
    queuedAt: new Date().toISOString(),
    resend: 0,
  }
}

/** A real SMTP server, which accepts each mail after so many milliseconds. */
async function startMailServer(latency: number) {
  let connections = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onConnect(_, done) {
      connections += 1
      done()
    },
    onData: (stream, _, done) => void stream.on('end', () => setTimeout(done, latency)).resume(),
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    connections: () => connections,
    close: () => new Promise<void>((done) => server.close(done)),
  }
}
