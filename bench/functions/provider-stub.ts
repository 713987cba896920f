import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ProviderStub {
  /** `https://127.0.0.1:<port>` */
  readonly url: string
  /** The file of its certificate, for NODE_EXTRA_CA_CERTS. */
  readonly certificate: string
  /** Connections so far, each with a TLS handshake. */
  connections(): number
  close(): void
}

/** The beginning of a path, and what is answered: by Google's token endpoint, FCM, and Telegram. */
const answers: readonly (readonly [string, object])[] = [
  ['/token', { access_token: 'bench', expires_in: 3600 }],
  ['/v1/projects/', { name: 'projects/bench/messages/1' }],
  ['/bot', { ok: true, result: { message_id: 1 } }],
]

/** Stands in for every provider over HTTPS: accepts each message after so many milliseconds. */
export async function startProviderStub(folder: string, latency: number): Promise<ProviderStub> {
  const { certificate, key } = await createCertificate(folder)
  const options = { cert: await readFile(certificate), key: await readFile(key) }
  let connections = 0
  const server = createServer(options, async ({ url = '' }, response) => {
    await sleep(latency)
    const [, answer] = answers.find(([path]) => url.startsWith(path)) ?? []
    response.end(answer ? JSON.stringify(answer) : 'ok')
  })
  server.on('secureConnection', () => {
    connections += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate,
    connections: () => connections,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function createCertificate(folder: string) {
  await mkdir(folder, { recursive: true })
  const [certificate, key] = [join(folder, 'provider.pem'), join(folder, 'provider.key')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const name = ['-subj', '/CN=provider', '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-keyout', key, '-out', certificate]
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...curve, ...name, ...files], {
    stdio: 'ignore',
  })
  return { certificate, key }
}
