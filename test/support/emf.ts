import { jest } from '@jest/globals'
import { metricNamespace } from '../../lib/metrics/names.ts'

/** A line of EMF as CloudWatch reads it. */
export interface EmfLine {
  readonly dimensions: Readonly<Record<string, string>>
  readonly values: Readonly<Record<string, number>>
  readonly units: Readonly<Record<string, string>>
  /** The fields that are neither dimensions nor values. */
  readonly properties: Readonly<Record<string, unknown>>
}

/** The metrics that are logged while `run` runs. */
export async function emfOf(run: () => Promise<unknown> | unknown): Promise<EmfLine[]> {
  const lines: string[] = []
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(...String(text).split('\n'))
    return true
  })
  try {
    await run()
  } finally {
    write.mockRestore()
  }
  return lines.filter((line) => line.includes('"_aws"')).map(parseEmf)
}

/** Reads a line by the specification: a field that `_aws` does not declare is a property. */
function parseEmf(line: string): EmfLine {
  const { _aws, ...members } = JSON.parse(line)
  const [{ Namespace, Dimensions, Metrics }, ...others] = _aws.CloudWatchMetrics
  if (Namespace !== metricNamespace || Dimensions.length !== 1 || others.length > 0) {
    throw new Error(`Another line than ours: ${line}`)
  }
  const names: string[] = Metrics.map(({ Name }: { Name: string }) => Name)
  const pick = (keys: string[]) => Object.fromEntries(keys.map((key) => [key, members[key]]))
  const declared = [...names, ...Dimensions[0]]
  return {
    dimensions: pick(Dimensions[0]),
    values: pick(names),
    units: Object.fromEntries(
      Metrics.map((one: Record<string, string>) => [one['Name'], one['Unit']]),
    ),
    properties: pick(Object.keys(members).filter((key) => !declared.includes(key))),
  }
}
