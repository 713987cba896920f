import { createRequire } from 'node:module'

export type Fields = Readonly<Record<string, unknown>>

/** A frame of AMQP 0-9-1: a method, the header of a content, or a piece of its body. */
export interface Frame {
  readonly channel: number
  readonly id?: number
  readonly fields?: Fields
  readonly size?: number
  readonly content?: Buffer
}

/** Amqplib's own codec, which it makes from the specification, holds the methods of both sides. */
const from = createRequire(import.meta.url)
const frames = from('../../../node_modules/amqplib/lib/frame.js') as {
  parseFrame(bytes: Buffer, max: number): { readonly rest: Buffer } | false
  decodeFrame(frame: unknown): Frame
  makeBodyFrame(channel: number, content: Buffer): Buffer
}
const defs = from('../../../node_modules/amqplib/lib/defs.js') as Record<string, number> & {
  info(id: number): { readonly name: string; readonly classId: number; readonly methodId: number }
  encodeMethod(id: number, channel: number, fields: Fields): Buffer
  encodeProperties(id: number, channel: number, size: number, fields: Fields): Buffer
}

/** The greatest frame that the server takes and sends, as RabbitMQ's is. */
export const frameMax = 131_072
const mostContent = frameMax - 8
const basicClass = 60

export const isMethod = ({ id }: Frame) => id !== undefined && id !== basicClass
export const methodInfo = (id: number) => defs.info(id)

/** @returns the frames, and the bytes behind the last whole one */
export function framesIn(bytes: Buffer): { frames: Frame[]; rest: Buffer } {
  const found: Frame[] = []
  let rest = bytes
  for (;;) {
    const parsed = frames.parseFrame(rest, frameMax)
    if (parsed === false) return { frames: found, rest }
    found.push(frames.decodeFrame(parsed))
    rest = parsed.rest
  }
}

export function method(name: string, channel: number, fields: Fields = {}): Buffer {
  return defs.encodeMethod(defs[name] as number, channel, fields)
}

/** The header of a content and its body. */
export function content(channel: number, properties: Fields, body: Buffer): Buffer {
  const parts = [defs.encodeProperties(basicClass, channel, body.length, properties)]
  for (let at = 0; at < body.length; at += mostContent) {
    parts.push(frames.makeBodyFrame(channel, body.subarray(at, at + mostContent)))
  }
  return Buffer.concat(parts)
}

export const idOf = (name: string) => defs[name] as number
