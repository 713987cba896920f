import { setFlagsFromString } from 'node:v8'

/**
 * Lets V8's heap grow at once to what a bridge needs, whatever memory the machine has (docs/performance.md). Most of
 * a bridge's objects live for one call of PutEvents:
 *
 * - V8 enlarges the young space only after objects have survived in it, which then are old. Here the first step leads
 *   to its full size.
 * - V8 collects all the heap whenever the old objects have grown by a share that follows from the machine's memory: by
 *   half in 512 MB, which is ten times a second. Here it is when they are three times as many, whatever the memory. The
 *   limit of the old objects stays: as they come nearer to it, they are collected more often.
 * - V8 makes objects in the old space from the start, once most of those that the same code made were found alive. While
 *   the bus hangs that is all that a bridge makes, and V8 never goes back: from then on each message is old, and keeps
 *   the younger parts of it and of others alive until all of the heap is collected. So that is off.
 *
 * V8 reads these each time the heap grows, so that they can be set while the process runs.
 */
export function growHeapAtOnce(): void {
  setFlagsFromString('--semi-space-growth-factor=32')
  setFlagsFromString('--heap-growing-percent=200')
  setFlagsFromString('--no-allocation-site-pretenuring')
}
