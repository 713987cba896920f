import { htmlWithLinks } from '../lib/channels/mail-footer.ts'
import { sampleData } from '../lib/events/catalogue.ts'
import { readBuiltIn } from '../lib/notifications/templates/files.ts'
import { createRender } from '../lib/notifications/templates/render.ts'
import type { MessageSettings } from '../lib/tenants/messages.ts'

/** A day before the sample tasks are due. */
const now = new Date('2026-01-01T09:00:00Z')

const logo =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" width="108" height="32"%3E%3Crect width="32" height="32" rx="6" fill="%230b7a5b"/%3E%3Ctext x="40" y="23" font-family="sans-serif" font-size="20" font-weight="bold" fill="%230b7a5b"%3EAcme%3C/text%3E%3C/svg%3E'

const acme: MessageSettings = {
  webUrl: 'https://ecos.acme.example',
  name: 'Acme',
  logo,
  colour: '#0b7a5b',
}

const people = { sidorov: 'Сидоров Семён Семёнович' }

/** The mail of a new task as it is sent, with everything that it may have. */
export function taskMail(locale: string): string {
  const data = {
    ...sampleData('task.assign'),
    taskComment:
      'Прошу согласовать до пятницы: в пункте 2.1 изменилась сумма.\nhttps://wiki.acme.example/договоры/2026/очень-длинная-ссылка-без-единого-пробела',
  }
  const reader = { tenant: 'acme', channel: 'email', locale, customData: {}, people, now } as const
  const { html } = createRender(readBuiltIn(), () => acme)({ type: 'task.assign' }, data, reader)
  const links = {
    settings: 'https://ecos.acme.example/settings',
    unsubscribe: 'https://ecos.acme.example/off',
  }
  return htmlWithLinks(html, links, locale)
}
