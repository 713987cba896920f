import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { expect, it } from '@jest/globals'
import type { ChannelModel } from 'amqplib'
import { shareWrites } from '../../../lib/amqp/shared-writes.ts'

/** The part of amqplib that takes the frames of its channels to the socket. */
const { Mux } = createRequire(import.meta.url)(resolve('node_modules/amqplib/lib/mux.js')) as {
  Mux: new (socket: Writable) => { pipeFrom(channel: PassThrough): void }
}

/** A socket that notes each packet, and as many channels. */
function setUp(count: number) {
  const packets: string[] = []
  const socket = new Writable({
    write(chunk, _encoding, done) {
      packets.push(String(chunk))
      done()
    },
    writev(chunks, done) {
      packets.push(chunks.map(({ chunk }) => String(chunk)).join(''))
      done()
    },
  })
  const mux = new Mux(socket)
  const channels = Array.from({ length: count }, () => new PassThrough())
  for (const channel of channels) mux.pipeFrom(channel)
  const soon = shareWrites({ connection: { stream: socket } } as unknown as ChannelModel)
  const written = async (length: number) => {
    while (packets.join('').length < length) await new Promise(setImmediate)
    return packets
  }
  return { channels, soon, written, socket }
}

it('writes the frames of all channels as one packet', async () => {
  const { channels, soon, written } = setUp(3)
  channels.forEach((channel, index) => void soon(() => void channel.write(`${index}`)))
  expect(await written(3)).toEqual(['012'])
  channels.forEach((channel, index) => void soon(() => void channel.write(`${index + 3}`)))
  expect(await written(6)).toEqual(['012', '345'])
})

it('holds nothing back that is written afterwards', async () => {
  const { channels, soon, written, socket } = setUp(1)
  soon(() => void channels[0]?.write('a'))
  await written(1)
  socket.write('b')
  expect(await written(2)).toEqual(['a', 'b'])
})
