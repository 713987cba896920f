/**
 * The key of an exclusive target: the name of its queue, the routing key of its events and the name of its
 * nodes in ZooKeeper. A dot is escaped, since it would separate an instance id.
 *
 * Source: Citeck/ecos-events, AppKeyUtils and its test
 */
export function targetKey(application: string): string {
  return escaped(application, /[^A-Za-z0-9_:-]/g)
}

/** The ZooKeeper node whose children are the targets of an event type. Source: RabbitMqEventsService */
export function typeNode(eventType: string): string {
  return `${registryRoot}/${escaped(eventType, /[^A-Za-z0-9_.-]/g)}`
}

export const registryRoot = '/ecos/events'

function escaped(name: string, unsafe: RegExp): string {
  return name.replace(unsafe, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return `_u${code}_`
  })
}
