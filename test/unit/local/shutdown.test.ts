import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { expect, it } from '@jest/globals'

const program = `
  import { onShutdown } from '${resolve('local/shutdown.ts')}'
  import { setTimeout as sleep } from 'node:timers/promises'
  setInterval(() => undefined, 1000)
  onShutdown(async () => {
    console.log('stopping')
    await sleep(200)
    console.log('cleaned up')
  })
  console.log('ready')
`

it('one Ctrl-C, which npm passes on a second time, lets the cleanup end', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const exited = once(child, 'close')
  let output = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    output += text
    // The first is the terminal's, the second npm's.
    if (text.includes('ready') || text.includes('stopping')) child.kill('SIGINT')
  })
  expect((await exited)[0]).toBe(130)
  expect(output).toContain('cleaned up')
}, 300_000)
