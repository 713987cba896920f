import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createAdmission } from '../../../lib/bridge/admission.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Works that end when the test says so. */
function admissionOf(room: () => number) {
  const admit = createAdmission(room)
  const started: string[] = []
  const works = new Map<string, { leave: () => void; end: () => void; fail: () => void }>()
  return {
    started,
    inside: () => works.size,
    work: (name: string) => {
      const [tenant = ''] = name.split(' ')
      return admit(tenant, (leave) => {
        started.push(name)
        return new Promise<string>((resolve, reject) => {
          const end = () => {
            works.delete(name)
            resolve(name)
          }
          works.set(name, { leave, end, fail: () => reject(new Error(name)) })
        })
      })
    },
    of: (name: string) => {
      const work = works.get(name)
      if (work === undefined) throw new Error(`${name} has not started`)
      return work
    },
    anyone: () => [...works.keys()][0],
  }
}

describe('createAdmission', () => {
  it('admits as many as have room, and the next when one is done', async () => {
    const { work, of, started } = admissionOf(() => 2)
    const done = ['a 1', 'a 2', 'a 3'].map(work)
    await turn()
    expect(started).toEqual(['a 1', 'a 2'])
    of('a 1').end()
    await turn()
    expect(started).toEqual(['a 1', 'a 2', 'a 3'])
    of('a 2').end()
    of('a 3').end()
    expect(await Promise.all(done)).toEqual(['a 1', 'a 2', 'a 3'])
  })

  it('gives on the place of a message that waits for something else, once', async () => {
    const { work, of, started } = admissionOf(() => 1)
    const done = ['a 1', 'a 2', 'a 3'].map(work)
    await turn()
    of('a 1').leave()
    of('a 1').leave()
    await turn()
    expect(started).toEqual(['a 1', 'a 2'])
    of('a 1').end()
    await turn()
    expect(started).toEqual(['a 1', 'a 2'])
    of('a 2').end()
    await turn()
    of('a 3').end()
    await Promise.all(done)
  })

  it('gives on the place of a work that fails', async () => {
    const { work, of, started } = admissionOf(() => 1)
    const first = work('a 1')
    const second = work('a 2')
    await turn()
    of('a 1').fail()
    await expect(first).rejects.toThrow('a 1')
    expect(started).toEqual(['a 1', 'a 2'])
    of('a 2').end()
    await second
  })

  it('admits tenants in turn, ten messages at a time', async () => {
    const { work, of, started } = admissionOf(() => 1)
    const names = [...Array.from({ length: 25 }, (_, index) => `a ${index}`), 'b 0']
    const done = names.map(work)
    for (let count = 0; count < names.length; count += 1) {
      await turn()
      of(started.at(-1) ?? '').end()
    }
    await Promise.all(done)
    expect(started.indexOf('b 0')).toBe(11)
  })

  it('admits all in the end, and never more than have room, as room comes and goes', async () => {
    const rooms = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(rooms, fc.integer({ min: 0, max: 40 }), async (sizes, count) => {
        let room = sizes[0] ?? 1
        const { work, of, anyone, inside, started } = admissionOf(() => room)
        const done = Array.from({ length: count }, (_, index) => work(`${index % 3} ${index}`))
        await turn()
        for (let step = 0; step < count; step += 1) {
          const before = inside()
          room = sizes[step % sizes.length] ?? 1
          of(anyone() ?? '').end()
          await turn()
          expect(inside()).toBeLessThanOrEqual(Math.max(room, before - 1))
        }
        await Promise.all(done)
        expect(started).toHaveLength(count)
      }),
    )
  })
})
