import type { EcosError } from '../lib/errors.ts'
import type { Progress } from './progress.ts'

/** The arguments that every part of the local stack takes. */
export type Context = {
  /** Absolute path of `.local/`: a part writes nowhere else. */
  stateDir: string
  onProgress: Progress
  /** Aborted when the start is called off. */
  signal: AbortSignal
  /** Called when a process has ended that nobody stopped, with the end of its log. */
  onDeath?(error: EcosError): void
}

/** A running part. `external`: it ran before, and `stop` leaves it running. */
export type Part<Addresses> = Addresses & { external: boolean; stop(): Promise<void> }
