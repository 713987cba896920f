import { channelNames } from '../../channels/channel.ts'
import { fieldsAtFault, isObject } from '../../parse.ts'
import { type Action, action, type BrokenAction, maxActions } from './subscriptions.ts'

/** The actions of a stored subscription or rule. */
export interface StoredActions {
  readonly actions: readonly Action[]
  readonly broken: readonly BrokenAction[]
}

/** Reads each stored action by itself: one that does not fit costs no other. */
export function readActions(stored: unknown): StoredActions {
  if (!Array.isArray(stored)) {
    const fault = 'The stored actions are not a list: remove the subscription and add it again'
    return { actions: [], broken: [{ channel: 'unknown', address: 'all actions', fault }] }
  }
  const actions: Action[] = []
  const broken: BrokenAction[] = []
  for (const [at, one] of stored.slice(0, maxActions).entries()) {
    const parsed = action.safeParse(one)
    if (parsed.success) actions.push(parsed.data)
    else {
      const fault = `The stored action does not fit (${fieldsAtFault(parsed.error)}): add it again`
      broken.push({ ...placeOf(one, at), fault })
    }
  }
  if (stored.length > maxActions) {
    const fault = `Only the first ${maxActions} stored actions are followed: remove the others`
    broken.push({ channel: 'unknown', address: `actions from ${maxActions + 1} on`, fault })
  }
  return { actions, broken }
}

function placeOf(stored: unknown, at: number): Pick<BrokenAction, 'channel' | 'address'> {
  const { channel, address } = isObject(stored) ? stored : {}
  return {
    channel: channelNames.find((name) => name === channel) ?? 'unknown',
    address: action.shape.address.safeParse(address).data ?? `action ${at + 1}`,
  }
}
