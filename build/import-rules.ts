import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser'
import { base, importsOf, type Layer, layers, pathOf } from './layers.ts'

/** Packages and modules by which a file reaches the outside, and the files that may import them. */
const adapterPackages: readonly { name: string; packages: string; only: string }[] = [
  {
    name: 'only lib/aws imports an AWS SDK',
    packages: 'node_modules/(@aws-sdk|@smithy)/',
    only: '^(lib/aws|local)/',
  },
  {
    name: 'only lib/amqp imports amqplib',
    packages: 'node_modules/amqplib/',
    only: '^(lib/amqp|local)/',
  },
  {
    name: 'only adapters use the network',
    packages: 'node_modules/(undici|nodemailer)/|^(node:)?(dns|http|https|net|tls)$',
    only: '^(lib/(aws|channels|zookeeper)|bin|console|local)/',
  },
  {
    name: 'only adapters use the file system and processes',
    packages: '^(node:)?(fs|fs/promises|child_process)$',
    only: '^lib/(amqp/address|notifications/templates/files)[.]ts$|^(functions|bin|build|console|local)/',
  },
]

const error = 'error' as const

function rulesOf(layer: Layer): IForbiddenRuleType[] {
  const { folder, imports, types = [], packages } = layer
  const from = { path: pathOf(folder) }
  const allowed = [folder, ...imports].map(pathOf)
  const inside = '^(lib|functions|bin|console|build|local|bench|test|examples)/'
  return [
    {
      name: `${folder} imports ${importsOf(layer)}`,
      severity: error,
      from,
      to: { path: inside, pathNot: [base, ...allowed, ...types.map(pathOf)] },
    },
    ...types.map((path) => ({
      name: `${folder} imports only types from ${path}`,
      severity: error,
      from,
      to: { path: pathOf(path), pathNot: allowed, dependencyTypesNot: ['type-only' as const] },
    })),
    ...(packages
      ? [
          {
            name: `${folder} is pure: it imports ${packages.join(', ')}`,
            severity: error,
            from,
            to: {
              dependencyTypesNot: ['local' as const],
              pathNot: packages.map(
                (name) => `^(${name.replace('node:', '')}|node_modules/${name}/)`,
              ),
            },
          },
        ]
      : []),
  ]
}

const configuration: IConfiguration = {
  forbidden: [
    ...layers.flatMap(rulesOf),
    ...adapterPackages.map(({ name, packages, only }) => ({
      name,
      severity: error,
      from: { pathNot: only },
      to: { path: packages },
    })),
    { name: 'no import circles', severity: error, from: {}, to: { circular: true } },
    { name: 'every import resolves', severity: error, from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: ['node_modules', '^test/', '^examples/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.d.ts'],
    },
  },
}
export default configuration
