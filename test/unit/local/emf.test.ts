import { expect, it } from '@jest/globals'
import { loggedValues } from '../../../local/metrics/emf.ts'

/** The example of the CloudWatch user guide, "Specification: embedded metric format". */
const example = {
  _aws: {
    Timestamp: 1574109732004,
    CloudWatchMetrics: [
      {
        Namespace: 'lambda-function-metrics',
        Dimensions: [['functionVersion']],
        Metrics: [{ Name: 'time', Unit: 'Milliseconds', StorageResolution: 60 }],
      },
    ],
  },
  functionVersion: '$LATEST',
  time: 100,
  requestId: '989ffbf8-9ace-4817-a57c-e4dd734019ee',
}

const value = {
  namespace: 'lambda-function-metrics',
  name: 'time',
  unit: 'Milliseconds',
  dimensions: { functionVersion: '$LATEST' },
  at: new Date(1574109732004),
}

it('reads a line of a log as CloudWatch does', () => {
  expect(loggedValues(JSON.stringify(example))).toEqual([{ ...value, value: 100 }])
  expect(loggedValues(JSON.stringify({ ...example, time: [1, 2] }))).toEqual([
    { ...value, value: 1 },
    { ...value, value: 2 },
  ])
})

it.each(['', 'START RequestId: 1', '{"message":"Bridged"}', '{"_aws":{"Timestamp":1}}'])(
  'takes no value from another line: %s',
  (line) => expect(loggedValues(line)).toEqual([]),
)
