import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { toEntry } from '../../../lib/bridge/publish/entry.ts'
import type { EcosEvent } from '../../../lib/events/event.ts'
import {
  ownPartition,
  partitionArn,
  partitionInArn,
  partitionOf,
  partitionsOf,
} from '../../../lib/tenants/partition.ts'
import { memoryPayloads } from '../../support/memory.ts'

describe('a tenant’s partition', () => {
  // printf '%s' acme | sha256sum | cut -c1-8, modulo 16.
  it.each([
    ['acme', 'p13'],
    ['local-ecos', 'p03'],
    ['a', 'p02'],
    ['Ünïcode', 'p08'],
  ])('of %s is %s for ever: its hash must not change with the code', (id, partition) => {
    expect(partitionOf({ id }, 16)).toBe(partition)
  })

  it('is the one that tenants.yml names', () => {
    expect(partitionOf({ id: 'acme', partition: 0 }, 16)).toBe('p00')
    expect(partitionOf({ id: 'acme', partition: 'own' }, 16)).toBe('own-acme')
  })

  it('is one of the cell’s, and fills them evenly', () => {
    const counts = new Map<string, number>()
    for (let index = 0; index < 16_000; index += 1) {
      const partition = partitionOf({ id: `tenant-${index}` }, 16)
      counts.set(partition, (counts.get(partition) ?? 0) + 1)
    }
    expect(counts.size).toBe(16)
    // Four standard deviations of a binomial distribution around 1,000.
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(125)
  })

  it('is shared with no other tenant if it is its own', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 2 }), (ids) => {
        expect(new Set(ids.map(ownPartition)).size).toBe(ids.length)
      }),
    )
  })

  it('is found by id, also of a tenant that tenants.yml does not name', () => {
    const events = ['task.create']
    const find = partitionsOf(
      [
        { id: 'acme', events, partition: 'own' },
        { id: 'a', events },
      ],
      16,
    )
    const found = ['acme', 'a', 'local-ecos'].map((id) => find(id, 'task.create'))
    expect(found).toEqual(['own-acme', 'p02', 'p03'])
  })

  it('is off for a type that the tenant has not turned on: no rule takes it', () => {
    const find = partitionsOf([{ id: 'acme', events: ['task.create'] }], 16)
    expect([find('acme', 'task.create'), find('acme', 'task.assign')]).toEqual(['p13', 'off'])
    expect(find('acme')).toBe('p13')
  })

  it('is read back from its ARN, and from no other', () => {
    for (const partition of ['p00', 'own-_acme_20corp', 'off']) {
      expect(partitionInArn(partitionArn(partition))).toBe(partition)
    }
    const others = ['arn:aws:s3:::p00', 'my arn:ecos:eventbridge:::p00', 'p00']
    expect(others.map(partitionInArn)).toEqual([undefined, undefined, undefined])
  })

  it('is in the entry’s resources and not in its detail', async () => {
    const event: EcosEvent = {
      tenant: 'acme',
      type: 'task.create',
      id: '1',
      data: Buffer.from('{}'),
    }
    const moved = await Promise.all(
      ['p01', 'own-1'].map((partition) => toEntry(event, memoryPayloads(), partition)),
    )
    expect(moved.map(({ resource }) => resource)).toEqual([
      'arn:ecos:eventbridge:::p01',
      partitionArn('own-1'),
    ])
    expect(moved[0]?.detail).toEqual(moved[1]?.detail)
  })
})
