import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context, Part } from './context.ts'
import { freePorts } from './ports.ts'
import { startService } from './processes.ts'
import { inStep } from './progress.ts'

/** MailDev's command. Its package exports the module alone, so the path starts there. */
const COMMAND = join(dirname(fileURLToPath(import.meta.resolve('maildev'))), 'bin', 'maildev.js')

export type MailServer = Part<{ smtpUrl: string; inboxUrl: string }>

/** Starts a mail server that accepts every recipient and shows the mails in a browser. */
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
      // Without a settings file, MailDev looks for one in the parent folders.
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
          // It opens the SMTP port first: once the inbox answers, both are open.
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

/** The mails received so far, oldest first. */
export async function readMails(inboxUrl: string): Promise<Mail[]> {
  const url = `${inboxUrl}/api/email`
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) })
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}`)
  return (await response.json()) as Mail[]
}
