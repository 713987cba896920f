import type { Target } from './target.ts'
import { anyPath, attributePath } from './targets/attribute-path.ts'
import { cbor, damagedCbor } from './targets/cbor.ts'
import { consoleApi } from './targets/console.ts'
import { anyBytes, encodings } from './targets/decoder.ts'
import { envelope, refusals } from './targets/envelope.ts'
import { headers, repeatedHeaders } from './targets/headers.ts'
import { predicates, shortForms } from './targets/predicates.ts'
import { putEvents } from './targets/put-events.ts'
import { templates } from './targets/templates.ts'
import { damagedTenants, tenantsFile } from './targets/tenants.ts'

export const targets: readonly Target[] = [
  encodings,
  anyBytes,
  envelope,
  refusals,
  cbor,
  damagedCbor,
  attributePath,
  anyPath,
  predicates,
  shortForms,
  headers,
  repeatedHeaders,
  templates,
  tenantsFile,
  damagedTenants,
  consoleApi,
  putEvents,
]
