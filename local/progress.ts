/** A step of the start has changed its state. */
export type Step = {
  name: string
  state: 'start' | 'done' | 'failed'
  /** The result, such as the port that a service listens on. */
  detail?: string
}

export type Progress = (step: Step) => void

/** Does `work` as a named step. */
export async function inStep<T>(
  onProgress: Progress,
  name: string,
  work: () => Promise<T>,
  detailOf?: (result: T) => string,
): Promise<T> {
  onProgress({ name, state: 'start' })
  try {
    const result = await work()
    onProgress({ name, state: 'done', ...(detailOf && { detail: detailOf(result) }) })
    return result
  } catch (error) {
    onProgress({ name, state: 'failed' })
    throw error
  }
}
