import type { ChannelMessage } from '../../../lib/channels/channel.ts'

/** A notification of a new task, as a channel is given it. */
export function message(fields: Partial<ChannelMessage> = {}): ChannelMessage {
  return {
    notificationId: 'a'.repeat(64),
    tenant: 'acme',
    eventType: 'task.assign',
    eventId: 'e1',
    address: 'ivanov@acme.example',
    title: 'Новая задача: Согласование договора №1 — со всеми приложениями и дополнениями',
    text: 'Задача: Согласование\n',
    html: '<p>Задача: Согласование</p>',
    locale: 'ru',
    customData: {},
    ...fields,
  }
}
