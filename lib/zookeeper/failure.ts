import type { ErrorCode } from '../error-codes.ts'
import { EcosError } from '../errors.ts'

/** Source: org.apache.zookeeper.KeeperException.Code */
const failures: Readonly<Record<number, { code: ErrorCode; problem: string }>> = {
  [-101]: { code: 'no-node', problem: 'there is no such node' },
  [-102]: { code: 'no-permission', problem: 'its access list does not allow it' },
  [-103]: { code: 'bad-version', problem: 'it was changed in the meantime' },
  [-110]: { code: 'node-exists', problem: 'it exists already' },
  [-111]: { code: 'not-empty', problem: 'it has children' },
}

/** The error for a ZooKeeper error number. An unlisted number is the server's fault: retryable. */
export function failureOf(error: number, path: string): EcosError {
  const known = failures[error]
  return known
    ? new EcosError(known.code, `ZooKeeper refused the node ${path}: ${known.problem}`)
    : new EcosError(
        'zookeeper-failed',
        `ZooKeeper failed with error ${error} on the node ${path}`,
        {
          retryable: true,
        },
      )
}
