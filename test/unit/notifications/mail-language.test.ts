import { afterAll, expect, it } from '@jest/globals'
import { createEmailChannel } from '../../../lib/channels/email.ts'
import { createSmtp } from '../../../lib/channels/smtp.ts'
import { sampleData } from '../../../lib/events/catalogue.ts'
import { isFailed, planNotifications } from '../../../lib/notifications/plan.ts'
import { newAction } from '../../../lib/notifications/subscriptions/new-action.ts'
import { newPreferences } from '../../../lib/notifications/subscriptions/preferences.ts'
import { readBuiltIn } from '../../../lib/notifications/templates/files.ts'
import { createRender } from '../../../lib/notifications/templates/render.ts'
import { startMailServer } from '../channels/mail-server.ts'
import { message } from '../channels/message.ts'

const server = await startMailServer()
afterAll(() => server.close())

const english = ['en', /^New comment: /] as const
const russian = ['ru', /^Новый комментарий: /] as const

it.each([
  ['of the action, en_US', 'en_US', undefined, 'ru', english],
  ['of the action, ru_RU.UTF-8', 'ru_RU.UTF-8', 'en', 'en', russian],
  ['of the person, en_US', undefined, 'en_US', 'ru', english],
  ['of the tenant', undefined, undefined, 'en', english],
] as const)(
  'a mail is in the language %s',
  async (_, locale, own, tenantLocale, [tag, subject]) => {
    const action = newAction().parse({
      channel: 'email',
      address: 'smith@acme.example',
      ...(locale && { locale }),
    })
    const preferences = newPreferences.parse({ timeZone: 'UTC', ...(own && { locale: own }) })
    const type = 'comment.added'
    const data = sampleData(type)
    const smith = { username: 'smith', actions: [action], preferences }
    const [planned] = planNotifications({ eventType: type, data }, [smith], new Date())
    if (!planned || isFailed(planned)) throw new Error('nothing is planned')
    const told = { ...planned, tenant: 'acme', tenantLocale }
    const content = createRender(readBuiltIn())({ type }, data, told)

    const from = { name: '', address: 'ecos@example.org' }
    const channel = createEmailChannel(
      { from },
      createSmtp(async () => server.url),
    )
    await channel.deliver(message({ ...content, address: planned.address }))
    const mail = server.received.at(-1)?.mail
    expect(mail?.subject).toMatch(subject)
    expect(mail?.headers.get('content-language')).toBe(tag)
  },
)
