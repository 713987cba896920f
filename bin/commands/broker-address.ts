import { type BrokerAddress, brokerVariables, parseBrokerSecret } from '../../lib/amqp/address.ts'
import { secretText } from '../../lib/aws/secrets.ts'
import { readEnvironment } from '../../lib/config.ts'
import { cellPrefix } from '../../lib/tenants/names.ts'

/** The broker of the environment or, without one, of the cell's secret, which the drains use. */
export async function brokerAddress(cell: string): Promise<BrokerAddress> {
  if (!process.env['AMQP_URL']) {
    return parseBrokerSecret(await secretText(`${cellPrefix(cell)}/amqp-url`))
  }
  const { AMQP_URL, AMQP_CA } = readEnvironment(brokerVariables, process.env)
  return { url: AMQP_URL, ...(AMQP_CA !== undefined && { ca: AMQP_CA }) }
}
