import { describe, expect, it } from '@jest/globals'
import { createApi } from '../../../console/server/api.ts'
import type { ConsolePorts } from '../../../console/server/ports.ts'
import type { QueuedNotification } from '../../../lib/notifications/notification.ts'

const notification = 'a7'.repeat(32)
const sent = { title: 'Новая задача', html: '<script>alert(1)</script>' } as QueuedNotification

const ports = {
  message: async (_, tenant, id) => (tenant === 'acme' && id === notification ? sent : undefined),
} as Partial<ConsolePorts> as ConsolePorts
const { routes } = createApi({ ports, cells: ['main'], allowRepair: false })
const ask = (path: string, query: Record<string, string>) =>
  routes.request(`/main/${path}?${new URLSearchParams(query)}`)

describe('a message as it was sent', () => {
  it('is shown in its parts; one that is not kept is told from a failure', async () => {
    const found = await ask('message', { tenant: 'acme', notification })
    expect(await found.json()).toEqual({ message: sent })
    const other = await ask('message', { tenant: 'globex', notification })
    expect([other.status, await other.json()]).toEqual([200, { message: null }])
  })

  it('has its HTML in a document that may do nothing and loads nothing', async () => {
    const answer = await ask('message.html', { tenant: 'acme', notification })
    expect(await answer.text()).toBe(sent.html)
    const policy = answer.headers.get('content-security-policy')?.split('; ')
    expect(policy).toEqual(
      expect.arrayContaining([
        ...["default-src 'none'", 'img-src data:', "form-action 'none'"],
        // Without scripts, whatever the origin.
        'sandbox allow-same-origin',
      ]),
    )
  })

  it('has no frame: a browser connects to its host before the policy refuses it', async () => {
    const frames = {
      ...sent,
      html: '<p>a<IFRAME src=//x.example></IFRAME><frame src=//x.example><i>b</i>',
    }
    const { routes } = createApi({
      ports: { message: async () => frames } as Partial<ConsolePorts> as ConsolePorts,
      ...{ cells: ['main'], allowRepair: false },
    })
    const query = new URLSearchParams({ tenant: 'acme', notification })
    const answer = await routes.request(`/main/message.html?${query}`)
    expect(await answer.text()).not.toMatch(/<\/?i?frame/i)
    expect(answer.headers.get('x-dns-prefetch-control')).toBe('off')
  })

  it.each([
    ['no tenant', { notification }],
    ['no id', { tenant: 'acme' }],
    ['an id that is none', { tenant: 'acme', notification: '../x' }],
  ])('is refused with %s', async (_, query) => {
    for (const path of ['message', 'message.html']) {
      expect((await ask(path, query as Record<string, string>)).status).toBe(400)
    }
  })
})
