import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context, Part } from './context.ts'
import { freePorts } from './ports.ts'
import { startService } from './processes.ts'
import { inStep } from './progress.ts'

/** MailDev's command lies beside its module, the one file of it that can be asked for by name. */
const COMMAND = join(dirname(fileURLToPath(import.meta.resolve('maildev'))), 'bin', 'maildev.js')

export type MailServer = Part<{ smtpUrl: string; inboxUrl: string }>

/** A mail server that keeps what it is sent, whoever it is for, and shows it in a browser. */
export async function startMail(context: Context): Promise<MailServer> {
  return inStep(
    context.onProgress,
    'Mail inbox',
    async () => {
      const { stateDir } = context
      const home = join(stateDir, 'mail')
      await rm(home, { recursive: true, force: true })
      await mkdir(home, { recursive: true })
      const [smtp, web] = (await freePorts(2)) as [number, number]
      // The settings are a file of its own, or MailDev would look for one in the folders above.
      const settings = { smtp, ip: '127.0.0.1', web, webIp: '127.0.0.1', mailDirectory: home }
      await writeFile(join(home, '.maildevrc.json'), JSON.stringify(settings))
      const inboxUrl = `http://127.0.0.1:${web}`
      const { stop } = await startService(
        {
          name: 'MailDev',
          command: process.execPath,
          args: [COMMAND],
          cwd: home,
          logFile: join(stateDir, 'logs', 'mail.log'),
          // It listens for SMTP first: when the inbox answers, both are there.
          probe: () => readMails(inboxUrl),
          readyWithinMs: 30_000,
        },
        context,
      )
      return { smtpUrl: `smtp://127.0.0.1:${smtp}`, inboxUrl, external: false, stop }
    },
    ({ inboxUrl }) => inboxUrl,
  )
}

export type Address = { address: string; name?: string }

export type Mail = {
  to: Address[]
  from: Address[]
  subject: string
  text?: string
  html?: string
  headers: Record<string, string | string[]>
}

/** Every mail received so far, the oldest first: GET /api/email of MailDev's HTTP interface. */
export async function readMails(inboxUrl: string): Promise<Mail[]> {
  const response = await call(`${inboxUrl}/api/email`, 'GET')
  return (await response.json()) as Mail[]
}

/** Empties the inbox. */
export async function clearMails(inboxUrl: string): Promise<void> {
  await call(`${inboxUrl}/api/email/all`, 'DELETE')
}

async function call(url: string, method: string): Promise<Response> {
  const response = await fetch(url, { method, signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}`)
  return response
}
