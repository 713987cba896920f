/**
 * Messages a second that Telegram takes to a group or a channel, 20 a minute (Bots FAQ, "My bot is hitting
 * limits"). The limit of the whole bot is the tenant's `deliveriesPerSecond`.
 */
const groupRate = 20 / 60

/**
 * Messages a second to one chat. A group's id is negative, and a channel has a name.
 *
 * @param personRate messages a second to a person
 */
export function telegramRate(personRate: number): (address: string) => number {
  return (address) => (/^[-@]/.test(address) ? groupRate : personRate)
}
