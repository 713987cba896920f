import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { connectOnce, findServer } from '../../local/broker.ts'
import { run } from '../../local/commands.ts'
import { freePort } from '../../local/ports.ts'
import { startRabbitMq } from '../../local/rabbitmq.ts'
import { endSurvivors } from '../../local/survivors.ts'

/** A private RabbitMQ that a test may stop: on 127.0.0.1, with and without TLS. */
export interface OwnBroker {
  readonly amqpUrl: string
  /** With the host name of its certificate. */
  readonly amqpsUrl: string
  /** The certificate of the CA that signed the broker's. */
  readonly caFile: string
  /** The certificate of another CA with the same name. */
  readonly otherCaFile: string
  /** Stops RabbitMQ but not its Erlang node: the broker closes every connection. */
  stopApp(): Promise<void>
  /** Starts it again on its durable state. */
  startApp(): Promise<void>
  /** Kills its processes (SIGKILL). */
  crash(): Promise<void>
  /** Starts it after a crash, on its durable state. */
  startAgain(): Promise<void>
  /** Raises or clears the memory alarm, which blocks publishing. */
  alarm(raised: boolean): Promise<void>
  /** Changes the password of its user `guest`. */
  changePassword(password: string): Promise<void>
  /** @param permissions configure, write and read, as `rabbitmqctl set_permissions` takes them */
  addUser(name: string, password: string, permissions: readonly string[]): Promise<void>
  stop(): Promise<void>
}

/** Without a RabbitMQ on this machine, the shared broker may be a container. */
export const canStartBroker = findServer() !== undefined

/** @param settings of RabbitMQ's application `rabbit`, as Erlang terms */
export async function startOwnBroker(settings: readonly string[] = []): Promise<OwnBroker> {
  const server = findServer() as string
  const stateDir = resolve('.local/own-broker')
  mkdirSync(stateDir, { recursive: true })
  await endSurvivors(stateDir)
  const certificates = createCertificates(stateDir)
  const tlsPort = await freePort()
  const context = { stateDir, onProgress: () => {}, signal: new AbortController().signal }
  const broker = await startRabbitMq(
    server,
    (port) => connectOnce(`amqp://127.0.0.1:${port}`),
    context,
    configuration(tlsPort, certificates, settings),
  )
  const rabbitmqctl = join(dirname(server), 'rabbitmqctl')
  const control = (command: string, ...args: string[]) =>
    run(rabbitmqctl, [command, ...args], {
      logFile: join(stateDir, 'logs', `${command}.log`),
      env: { PATH: process.env['PATH'], ...broker.env },
    })
  return {
    amqpUrl: `amqp://guest:guest@127.0.0.1:${broker.port}`,
    amqpsUrl: `amqps://guest:guest@localhost:${tlsPort}`,
    caFile: certificates.ca,
    otherCaFile: certificates.otherCa,
    stopApp: () => control('stop_app'),
    startApp: () => control('start_app'),
    // A limit that is exceeded by whatever a broker needs.
    alarm: (raised) => control('set_vm_memory_high_watermark', raised ? '0.000001' : '0.8'),
    changePassword: (password) => control('change_password', 'guest', password),
    async addUser(name, password, permissions) {
      await control('add_user', name, password)
      await control('set_permissions', name, ...permissions)
    },
    crash: broker.crash,
    startAgain: broker.startAgain,
    stop: broker.stop,
  }
}

type Certificates = ReturnType<typeof createCertificates>

function configuration(
  port: number,
  { ca, certificate, key }: Certificates,
  settings: readonly string[],
): string {
  const files = `{cacertfile, "${ca}"}, {certfile, "${certificate}"}, {keyfile, "${key}"}`
  return `[{rabbit, [
    {ssl_listeners, [{"127.0.0.1", ${port}}]},
    {ssl_options, [${files}, {verify, verify_none}]}${settings.map((one) => `,\n    ${one}`).join('')}
  ]}].`
}

/** Creates two CAs with the same name, and a certificate for `localhost` that the first signed. */
function createCertificates(folder: string) {
  const path = (name: string) => join(folder, name)
  const create = (name: string, ...options: string[]) => {
    const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...curve, ...files, ...options], {
      stdio: 'ignore',
    })
  }
  create('ca', '-subj', '/CN=Private CA')
  create('other-ca', '-subj', '/CN=Private CA')
  const issuer = ['-CA', path('ca.pem'), '-CAkey', path('ca.key')]
  const names = ['-addext', 'subjectAltName=DNS:localhost']
  create('broker', '-subj', '/CN=broker', ...issuer, ...names)
  return {
    ca: path('ca.pem'),
    otherCa: path('other-ca.pem'),
    certificate: path('broker.pem'),
    key: path('broker.key'),
  }
}
