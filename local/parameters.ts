import type { Receivers } from './receivers/start.ts'

export type PackageOptions = {
  /** Without them webhooks, Telegram and push have no secrets, and go to the real providers. */
  receivers?: Receivers
  /** The cell, and so the stage. */
  cell: string
  /** Path below the project's folder. */
  tenantsFile: string
  /** Path below the project's folder; without it the project's own. */
  templatesDir?: string | undefined
  /** Parameters of serverless.yml beside those of the local stack. */
  parameters?: Readonly<Record<string, string | number>> | undefined
}

export type Parameters = Readonly<Record<string, string | number>>

/** The parameters of serverless.yml on the local AWS. */
export function localParameters(options: PackageOptions): Parameters {
  const { tenantsFile, templatesDir, receivers, parameters } = options
  return {
    tenantsFile,
    ...(templatesDir !== undefined && { templatesDir }),
    // The local AWS is one process: with more it takes no connections when many messages wait.
    maximumConcurrency: 2,
    retryBaseSeconds: 1,
    retryCapSeconds: 2,
    uncertainWaitSeconds: 5,
    outageCapSeconds: 15,
    dataDeletionPolicy: 'Delete',
    deletionProtection: 'false',
    // MiniStack has no alarms on metric math.
    alarms: 'false',
    // It refuses AWS::Events::Archive as an unknown type.
    archive: 'false',
    ...(receivers && {
      webhookAllowPrivate: 'true',
      telegramApiUrl: receivers.telegramUrl,
      // The receivers take more than the providers: a flood may be for a few people.
      telegramChatPerSecond: 30,
      chatWebhookPerSecond: 30,
      emailDeliveriesPerSecond: 100,
      pushApiUrl: receivers.firebaseUrl,
      ownPage: 'true',
      ownPageUrl: receivers.ownPageUrl,
    }),
    ...parameters,
  }
}
