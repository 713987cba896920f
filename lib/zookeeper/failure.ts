import { EcosError } from '../errors.ts'

/** Source: org.apache.zookeeper.KeeperException.Code */
const failures: Readonly<Record<number, { code: string; problem: string }>> = {
  [-101]: { code: 'no-node', problem: 'there is no such node' },
  [-102]: { code: 'no-permission', problem: 'its access list does not allow it' },
  [-103]: { code: 'bad-version', problem: 'another has changed it meanwhile' },
  [-110]: { code: 'node-exists', problem: 'it is there already' },
  [-111]: { code: 'not-empty', problem: 'it has children' },
}

/** What ZooKeeper's error number means for the one who asked. All others are the server's, and may pass. */
export function failureOf(error: number, path: string): EcosError {
  const known = failures[error]
  return known
    ? new EcosError(known.code, `ZooKeeper refuses the node ${path}: ${known.problem}`)
    : new EcosError('zookeeper-failed', `ZooKeeper fails with ${error} for the node ${path}`, {
        retryable: true,
      })
}
