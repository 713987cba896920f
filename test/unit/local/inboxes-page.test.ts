import { expect, it } from '@jest/globals'
import { inboxesPage } from '../../../local/receivers/inboxes-page.ts'

const messages = Array.from({ length: 60 }, (_, index) => ({ to: '+7999', text: `text ${index};` }))

it('shows the newest messages of each inbox first, and how many came', () => {
  const page = inboxesPage([{ title: 'SMS', messages }], 'http://127.0.0.1:1')
  expect(page).toContain('60 received, the last 50 shown')
  expect(page.indexOf('text 59;')).toBeLessThan(page.indexOf('text 58;'))
  expect(page).not.toContain('text 9;')
})

it('shows the markup of a message as text', () => {
  const text = '<script>alert(1)</script> & "quoted"'
  const page = inboxesPage([{ title: 'Push', messages: [{ to: text, title: text, text }] }], text)
  expect(page).not.toContain('<script>')
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot;')
})
