import type { EcosError } from '../lib/errors.ts'
import type { Progress } from './progress.ts'

/** What every part of the local stack is handed. */
export type Context = {
  /** Absolute path of `.local/`: everything that a part writes lies below it. */
  stateDir: string
  onProgress: Progress
  /** Aborted when the start is given up: whatever is under way then ends itself. */
  signal: AbortSignal
  /** Called when a process has ended that nobody stopped, with the end of its log. */
  onDeath?(error: EcosError): void
}

/** A part that runs. A part that was there already has nothing to stop. */
export type Part<Addresses> = Addresses & { external: boolean; stop(): Promise<void> }
