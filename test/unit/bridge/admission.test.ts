import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createAdmission } from '../../../lib/bridge/admission.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Works that end when the test says so. */
function admissionOf(room: () => number) {
  const admission = createAdmission(room)
  const started: string[] = []
  const works = new Map<string, () => void>()
  return {
    started,
    inside: () => works.size,
    async work(name: string) {
      const [tenant = ''] = name.split(' ')
      await admission.enter(tenant)
      started.push(name)
      await new Promise<void>((end) => works.set(name, end))
      works.delete(name)
      admission.leave()
      return name
    },
    end(name: string) {
      const end = works.get(name)
      if (end === undefined) throw new Error(`${name} has not started`)
      end()
    },
    anyone: () => [...works.keys()][0],
  }
}

describe('createAdmission', () => {
  it('admits as many as have room, and the next when one is done', async () => {
    const { work, end, started } = admissionOf(() => 2)
    const done = ['a 1', 'a 2', 'a 3'].map(work)
    await turn()
    expect(started).toEqual(['a 1', 'a 2'])
    end('a 1')
    await turn()
    expect(started).toEqual(['a 1', 'a 2', 'a 3'])
    end('a 2')
    end('a 3')
    expect(await Promise.all(done)).toEqual(['a 1', 'a 2', 'a 3'])
  })

  it('admits tenants in turn, ten messages at a time', async () => {
    const { work, end, started } = admissionOf(() => 1)
    const names = [...Array.from({ length: 25 }, (_, index) => `a ${index}`), 'b 0']
    const done = names.map(work)
    for (let count = 0; count < names.length; count += 1) {
      await turn()
      end(started.at(-1) ?? '')
    }
    await Promise.all(done)
    expect(started.indexOf('b 0')).toBe(11)
  })

  it('admits all in the end, and never more than have room, as room comes and goes', async () => {
    const rooms = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(rooms, fc.integer({ min: 0, max: 40 }), async (sizes, count) => {
        let room = sizes[0] ?? 1
        const { work, end, anyone, inside, started } = admissionOf(() => room)
        const done = Array.from({ length: count }, (_, index) => work(`${index % 3} ${index}`))
        await turn()
        for (let step = 0; step < count; step += 1) {
          const before = inside()
          room = sizes[step % sizes.length] ?? 1
          end(anyone() ?? '')
          await turn()
          expect(inside()).toBeLessThanOrEqual(Math.max(room, before - 1))
        }
        await Promise.all(done)
        expect(started).toHaveLength(count)
      }),
    )
  })
})
