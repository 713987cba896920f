/** One point for each minute in which the series has one. */
export type Points = ReadonlyMap<number, number>

/** The metrics of an expression, and the minutes for which it is asked. */
export interface Scope {
  readonly metrics: ReadonlyMap<string, Points>
  readonly minutes: readonly number[]
}

type Value = number | Points
type Token = string

/**
 * Evaluates the metric math that the alarms use, as the CloudWatch user guide describes it: numbers, metric
 * ids, `+ - * / >`, and the functions FILL, IF, DIFF, MAX(METRICS()) and SUM(METRICS()). A result has a point
 * only where each of its series has one; FILL alone adds points.
 */
export function evaluate(expression: string, scope: Scope): Points {
  const tokens = expression.match(/[A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)?|[-+*/(),>]/g) ?? []
  const result = createParser(tokens, scope)()
  return typeof result === 'number' ? constant(result, scope) : result
}

function createParser(tokens: Token[], scope: Scope): () => Value {
  const levels: readonly (readonly string[])[] = [['>'], ['+', '-'], ['*', '/']]
  const take = (expected?: string) => {
    const token = tokens.shift()
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`metric math: ${token} instead of ${expected ?? 'a value'}`)
    }
    return token
  }
  const next = () => tokens[0] ?? ''
  const binary = (level: number): Value => {
    const operators = levels[level]
    if (operators === undefined) return primary()
    let left = binary(level + 1)
    while (operators.includes(next())) {
      const operator = take()
      left = combine(operator, left, binary(level + 1))
    }
    return left
  }
  const primary = (): Value => {
    const token = take()
    if (token === '(') {
      const inner = binary(0)
      take(')')
      return inner
    }
    if (/^\d/.test(token)) return Number(token)
    if (next() !== '(') return metric(token, scope)
    take('(')
    const inputs: Value[] = []
    if (next() === 'METRICS') {
      tokens.splice(0, 4)
      return aggregate(token, [...scope.metrics.values()])
    }
    while (inputs.length === 0 || next() === ',') {
      if (inputs.length > 0) take(',')
      inputs.push(binary(0))
    }
    take(')')
    return call(token, inputs, scope)
  }
  return () => binary(0)
}

function metric(id: string, { metrics }: Scope): Points {
  const points = metrics.get(id)
  if (points === undefined) throw new Error(`metric math: there is no metric ${id}`)
  return points
}

function combine(operator: string, left: Value, right: Value): Value {
  return map([left, right], ([a = 0, b = 0]) => {
    if (operator === '>') return a > b ? 1 : 0
    if (operator === '+') return a + b
    if (operator === '-') return a - b
    return operator === '*' ? a * b : a / b
  })
}

function call(name: string, inputs: readonly Value[], scope: Scope): Value {
  const [first = 0, second = 0] = inputs
  if (name === 'IF') return map(inputs, ([condition, yes = 0, no = 0]) => (condition ? yes : no))
  if (name === 'FILL' && typeof second === 'number') {
    return new Map([...constant(second, scope), ...(first as Points)])
  }
  if (name !== 'DIFF') throw new Error(`metric math: ${name} is not known here`)
  const sorted = [...(first as Points)].sort(([a], [b]) => a - b)
  return new Map(
    sorted.flatMap(([minute, value], index) => {
      const before = sorted[index - 1]
      return before === undefined ? [] : [[minute, value - before[1]] as const]
    }),
  )
}

/** MAX or SUM over the metrics that have a point in the minute. */
function aggregate(name: string, all: readonly Points[]): Points {
  const minutes = new Set(all.flatMap((points) => [...points.keys()]))
  const valueAt = (minute: number) => {
    const values = all.flatMap((points) => points.get(minute) ?? [])
    return name === 'MAX' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0)
  }
  return new Map([...minutes].map((minute) => [minute, valueAt(minute)]))
}

function map(inputs: readonly Value[], compute: (values: readonly number[]) => number): Value {
  const series = inputs.filter((input) => typeof input !== 'number')
  if (series.length === 0) return compute(inputs as readonly number[])
  const minutes = [...(series[0] as Points).keys()].filter((at) =>
    series.every((one) => one.has(at)),
  )
  return new Map(
    minutes.map((minute) => [
      minute,
      compute(
        inputs.map((input) => (typeof input === 'number' ? input : (input.get(minute) ?? 0))),
      ),
    ]),
  )
}

function constant(value: number, { minutes }: Scope): Points {
  return new Map(minutes.map((minute) => [minute, value]))
}
