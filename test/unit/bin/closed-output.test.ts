import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, it } from '@jest/globals'

it('a command whose output nobody reads any more ends without a word', async () => {
  const args = ['templates', 'preview', '--type', 'task.create', '--out', '/dev/null']
  const child = spawn(process.execPath, ['bin/main.ts', ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  child.stdout.destroy()
  const said = text(child.stderr)
  const [code] = await once(child, 'close')
  expect([code, await said]).toEqual([0, ''])
})
