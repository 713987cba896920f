/** Has a step happen at some later time. @param what names the step in the report of a failure */
export type Later = (what: string, step: () => void) => void

/** One direction of a connection: its steps happen one after another, each some time later. */
export function createPipe(later: Later, what: string) {
  const steps: (() => void)[] = []
  let flowing = false
  let closed = false

  return {
    push(step: () => void): void {
      if (closed) return
      steps.push(step)
      flow()
    },
    /** Loses what has not arrived. */
    close(): void {
      closed = true
      steps.length = 0
    },
  }

  function flow(): void {
    if (flowing || steps.length === 0) return
    flowing = true
    later(what, () => {
      flowing = false
      const step = steps.shift()
      step?.()
      flow()
    })
  }
}
