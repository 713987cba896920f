/**
 * The key of an exclusive target: its queue's name, the routing key of its events and the name of its
 * nodes in ZooKeeper. A dot would set an instance apart.
 *
 * Source: Citeck/ecos-events, AppKeyUtils and its test
 */
export function targetKey(application: string): string {
  return escaped(application, /[^A-Za-z0-9_:-]/g)
}

/** Where ZooKeeper knows the targets of the events of one type. Source: RabbitMqEventsService */
export function typeNode(eventType: string): string {
  return `${registryRoot}/${escaped(eventType, /[^A-Za-z0-9_.-]/g)}`
}

export const registryRoot = '/ecos/events'

function escaped(name: string, others: RegExp): string {
  return name.replace(others, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return `_u${code}_`
  })
}
