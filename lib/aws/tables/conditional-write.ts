import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'

/** Waits for a conditional write. @returns whether its condition held; false means nothing was written */
export async function conditionHeld(write: Promise<unknown>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}
