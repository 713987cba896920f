import { Drop } from 'liquidjs'
import type { MessageSettings } from '../../tenants/messages.ts'
import { defaultRecordUrl, fillRecordUrl } from '../../tenants/record-url.ts'

/** The links to a tenant's records, for the filter `record_link`. A template can't read them otherwise. */
export class RecordLinks extends Drop {
  readonly #settings: MessageSettings
  readonly #workspace: string | undefined

  constructor(settings: MessageSettings, workspace: string | undefined) {
    super()
    this.#settings = settings
    this.#workspace = workspace
  }

  /** @returns an empty text if the tenant names no web client */
  linkTo(recordRef: string): string {
    const { webUrl, recordUrl = defaultRecordUrl } = this.#settings
    if (webUrl === undefined) return ''
    return fillRecordUrl(recordUrl, webUrl, { recordRef, workspace: this.#workspace })
  }
}
