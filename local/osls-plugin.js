/**
 * Serverless Framework plugin: a deployment by hand to the local AWS of `npm start` has the parameters of the local
 * stack, and the run's tenants as tenants.yml says now. `--param` goes before.
 */
export default class LocalStackPlugin {
  constructor(serverless, _options, { log }) {
    this.serverless = serverless
    this.log = log
  }

  async asyncInit() {
    const endpoint = process.env.AWS_ENDPOINT_URL
    if (!endpoint) return
    const { parametersByHand } = await import('./by-hand.ts')
    const parameters = await parametersByHand(endpoint, this.serverless.serviceDir)
    if (parameters === undefined) return
    this.log.notice(
      `The local stack of npm start: its parameters and tenants (${parameters.tenantsFile})`,
    )
    for (const [name, value] of Object.entries(parameters)) {
      this.serverless.extendConfiguration(['params', 'default', name], value)
    }
  }
}
