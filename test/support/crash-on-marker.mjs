// Loaded into a worker by NODE_OPTIONS=--import: the process dies, as from a fault in native code,
// when it reads a message that holds the marker: from its bytes or, if these are encoded, from its text.
import buffer from 'node:buffer'
import { syncBuiltinESMExports } from 'node:module'

const marker = 'kills-the-process'
const { isUtf8 } = buffer
buffer.isUtf8 = (bytes) => {
  if (Buffer.from(bytes).includes(marker)) process.kill(process.pid, 'SIGKILL')
  return isUtf8(bytes)
}
syncBuiltinESMExports()

const decode = TextDecoder.prototype.decode
TextDecoder.prototype.decode = function (...given) {
  const text = decode.apply(this, given)
  if (text.includes(marker)) process.kill(process.pid, 'SIGKILL')
  return text
}
