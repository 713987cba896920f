import { expect, it } from '@jest/globals'
import { digestContent, digestOf } from '../../../lib/notifications/digest.ts'
import { queued } from './in-memory.ts'

const home = 'https://ecos.acme.example'
const member = (n: number) => ({
  ...queued,
  title: `Задача ${n}`,
  link: { url: `${home}/v2/dashboard?recordRef=a&n=${n}`, label: 'Открыть задачу', home },
  mail: { why: 'потому', thread: `task-${n}`, from: { name: 'Акме' } },
})

it('a digest leads to each of its records, from the sender of its members, in no thread', () => {
  const digest = digestOf(
    {
      ...{ ...queued, username: 'ivanov', state: 'WAIT_FOR_DISPATCH' as const },
      ...{ deliveries: [], attempts: 0, heldUntil: '2026-11-26T06:00:00.000Z' },
    },
    0,
  )
  const contents = [member(1), member(2)]
  const content = digestContent(digest, { contents, count: 2 }, new Date(), () => true)
  expect(content.link).toEqual({ url: home, label: 'Открыть ECOS', home })
  expect(content.mail).toEqual({
    from: { name: 'Акме' },
    why: 'Вы получили эту сводку, потому что выбрали её в настройках уведомлений.',
  })
  expect(content.html).toContain(`<a href="${home}/v2/dashboard?recordRef=a&amp;n=2"`)
  expect(content.short).toBeUndefined()
})
