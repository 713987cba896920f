import { chunks } from '../chunks.ts'
import { faultOf } from './fault.ts'

export interface TogetherOptions {
  /** Items of one call, at most. */
  readonly most: number
  /** Milliseconds that the first item waits for others; by default only for those asked for at the same moment. */
  readonly gathering?: number
}

interface Asked<In, Out> {
  readonly item: In
  readonly answer: PromiseWithResolvers<Out>
}

/**
 * Makes one call of what the messages of a batch ask for side by side. If such a call fails for its content,
 * each item is asked for alone: the fault of one costs the others nothing.
 *
 * @param call answers in the order of the items; an answer that is a promise may fail for its item alone
 */
export function together<In, Out>(
  call: (items: readonly In[]) => Promise<readonly (Out | PromiseLike<Out>)[]>,
  { most, gathering = 0 }: TogetherOptions,
): (item: In) => Promise<Out> {
  let waiting: Asked<In, Out>[] = []

  const ask = async (some: readonly Asked<In, Out>[]): Promise<void> => {
    try {
      const answers = await call(some.map(({ item }) => item))
      for (const [at, { answer }] of some.entries())
        answer.resolve(answers[at] as Out | PromiseLike<Out>)
    } catch (error) {
      if (some.length > 1 && faultOf(error) === 'message') for (const one of some) void ask([one])
      else for (const { answer } of some) answer.reject(error)
    }
  }
  const askAll = () => {
    const all = waiting
    waiting = []
    for (const some of chunks(all, most)) void ask(some)
  }
  return (item) => {
    const answer = Promise.withResolvers<Out>()
    waiting.push({ item, answer })
    if (waiting.length === 1) {
      if (gathering > 0) setTimeout(askAll, gathering)
      else setImmediate(askAll)
    }
    return answer.promise
  }
}
