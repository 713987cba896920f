import type { Expression } from '../freemarker/expression.ts'
import { Untranslatable } from '../freemarker/source.ts'
import { filtered, plain, quoted, type Value } from './liquid.ts'
import type { Translating } from './translating.ts'

/** A transparent pixel, in place of a picture that only ECOS has. */
const noPicture = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

type Call = Extract<Expression, { kind: 'call' }>

/** A call of one of the objects that ECOS gives its templates: `meta`, `link`, `image`, `config`. */
export function beanValue(call: Call, t: Translating): Value {
  const { of, at } = call
  const [argument] = call.arguments
  if (of.kind === 'member') {
    // Whatever the configuration's value is read as, it is written as text.
    if (of.of.kind === 'call' && /^as\w+$/.test(of.name)) return beanValue(of.of, t)
    const method = of.of.kind === 'name' ? `${of.of.name}.${of.name}` : of.name
    if (method === 'meta.getWebUrl') return filtered(plain('webUrl'), ['append: "/"'], 'text')
    if (method === 'link.getRecordLink' && argument) return recordLink(t.value(argument))
    if (method === 'image.toBase64Data') {
      t.note(at, 'a picture of ECOS is left out: put the https address of one into the template')
      return plain(quoted(noPicture), 'text')
    }
    if (method.startsWith('config.') && argument) return configured(argument, t)
    throw new Untranslatable(at, '{method}() is known to ECOS alone', { method })
  }
  throw new Untranslatable(at, 'calls what is not a method')
}

/** The event's own record has its link already. */
function recordLink(record: Value): Value {
  return record.base === 'event.docId' && record.filters.length === 0
    ? { ...plain('link', 'text'), isKnown: true }
    : filtered(record, ['record_link'], 'text')
}

function configured(key: Expression, { config }: Translating): Value {
  if (key.kind !== 'text') throw new Untranslatable(key.at, 'the key of a setting is not a text')
  const { value, at } = key
  if (Object.hasOwn(config, value)) return plain(quoted(config[value] ?? ''), 'text')
  throw new Untranslatable(
    at,
    "ECOS's setting \"{key}\" is not known here: give it with --config '{key}=…'",
    { key: value },
  )
}
