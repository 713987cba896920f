import { expect, it } from '@jest/globals'
import { listed } from '../../../bin/commands/watch.ts'

it('a list is watched no longer once nobody reads it', async () => {
  // As main.ts does.
  const ignore = () => undefined
  process.stdout.on('error', ignore)
  let looks = 0
  await listed({ watch: 0.01 }, async () => {
    looks += 1
    if (looks === 3) process.stdout.emit('error', Object.assign(new Error(), { code: 'EPIPE' }))
  })
  expect(looks).toBe(3)
  process.stdout.off('error', ignore)
})
