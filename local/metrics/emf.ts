import * as z from 'zod'
import { parseJson } from '../../lib/parse.ts'

/** A value of a metric, as a log line in the embedded metric format has it. */
export interface LoggedValue {
  readonly namespace: string
  readonly name: string
  readonly unit: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly at: Date
  readonly value: number
}

/** CloudWatch user guide, "Specification: embedded metric format". */
const line = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string().default('None') })),
      }),
    ),
  }),
})

/** The values in a line of a log; none if it is another line. */
export function loggedValues(text: string): LoggedValue[] {
  const { data } = line.safeParse(parseJson(text))
  if (!data) return []
  const { _aws, ...fields } = data
  const at = new Date(_aws.Timestamp)
  return _aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(fields[name])]))
      return Metrics.flatMap(({ Name: name, Unit: unit }) =>
        [fields[name]]
          .flat()
          .flatMap((value): LoggedValue[] =>
            typeof value === 'number' ? [{ namespace, name, unit, dimensions, at, value }] : [],
          ),
      )
    }),
  )
}
