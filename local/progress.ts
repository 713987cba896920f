/** What the local stack tells whoever shows its progress: one call when a step changes its state. */
export type Step = {
  name: string
  state: 'start' | 'done' | 'failed'
  /** What came of it, such as the port that a service listens on. */
  detail?: string
}

export type Progress = (step: Step) => void

/** Does `work` as a named step. The result says what came of it, where that is worth showing. */
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
