import { describe, expect, it } from '@jest/globals'
import { type Sbom, sbomOf } from '../../../build/sbom.ts'

const zod = 'zod@4.6.7'
const powertools = '@aws-lambda-powertools/commons@2.36.0'
const root = 'ecos-eventbridge@0.1.0'
const all = {
  bomFormat: 'CycloneDX',
  serialNumber: 'urn:uuid:1',
  metadata: { timestamp: '2026-11-28T00:00:00Z', component: { 'bom-ref': root, name: 'folder' } },
  components: [zod, powertools, 'jest@30.5.2'].map((ref) => ({ 'bom-ref': ref })),
  dependencies: [
    { ref: root, dependsOn: [zod, 'jest@30.5.2'] },
    { ref: powertools, dependsOn: [] },
    { ref: 'jest@30.5.2', dependsOn: [zod] },
  ],
} as Sbom

describe('the bill of materials of a bundle', () => {
  it('names the packages of its files, and no others', async () => {
    const inputs = [
      'lib/errors.ts',
      'node_modules/zod/v4/core/index.js',
      'node_modules/@aws-lambda-powertools/logger/node_modules/@aws-lambda-powertools/commons/lib/esm/version.js',
    ]
    expect(await sbomOf(all, inputs)).toEqual({
      bomFormat: 'CycloneDX',
      metadata: { component: { 'bom-ref': root, name: 'ecos-eventbridge' } },
      components: [{ 'bom-ref': zod }, { 'bom-ref': powertools }],
      dependencies: [
        { ref: root, dependsOn: [zod] },
        { ref: powertools, dependsOn: [] },
      ],
    })
  })

  it('is not made where it would lack a package', async () => {
    await expect(sbomOf({ ...all, components: [] }, ['node_modules/zod/index.js'])).rejects.toThrow(
      'npm sbom does not know zod@4.6.7',
    )
  })
})
