import { analyzeSync, type Liquid } from 'liquidjs'
import type { Engines } from './engine.ts'
import { faultsOf, type TemplateFault } from './faults.ts'
import { htmlPath, type TemplateFiles, type TemplateKey, templatePath } from './paths.ts'
import { splitSource } from './source.ts'

const inText = [
  ...['event', 'customData', 'tenant', 'locale', 'timeZone'],
  ...['document', 'link', 'now', 'organisation', 'webUrl'],
]
const inHtml = [...inText, 'title', 'text', 'facts', 'open', 'why', 'brand']

/** Unknown names, including those in branches that the sample event does not reach. */
export function unknownNames(
  key: TemplateKey,
  files: TemplateFiles,
  engines: Engines,
): TemplateFault[] {
  const path = templatePath(key)
  const html = htmlPath(key)
  const { title, body } = splitSource(files[path] ?? '')
  return [
    ...unknownIn(engines.text, path, title, inText, files),
    ...unknownIn(engines.text, path, body, inText, files),
    ...unknownIn(engines.html, html, files[html] ?? '', inHtml, files),
  ]
}

function unknownIn(
  engine: Liquid,
  file: string,
  source: string,
  known: readonly string[],
  files: TemplateFiles,
): TemplateFault[] {
  try {
    const { globals } = analyzeSync(engine.parse(source, file))
    return Object.entries(globals)
      .filter(([name]) => !known.includes(name))
      .flatMap(([name, variables]) =>
        variables.map(({ location }) => ({
          file: location.file ?? file,
          line: location.row,
          column: location.col,
          problem: `undefined variable: ${name}`,
        })),
      )
  } catch (error) {
    return faultsOf(error, file, files)
  }
}
