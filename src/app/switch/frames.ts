/**
 * The frames of a websocket as they go by (RFC 6455, 5.2), without what they hold: whether each is one that may be sent, and whether
 * one is just over. Holds 14 bytes at most, however long a frame is.
 *
 * head ──all bytes of it──▶ payload ──all bytes of it──▶ head
 */

/** Status codes of RFC 6455, 7.4.1. */
export const CLOSED = { goingAway: 1001, protocol: 1002, policy: 1008, tooLarge: 1009, switchLost: 1011 } as const

/** Why a connection is ended: by which code, in which words. */
export interface Closing {
  readonly code: (typeof CLOSED)[keyof typeof CLOSED]
  readonly reason: string
}

/** A message may have several frames. Asterisk itself takes none larger; SIP with all its candidates has some 6 kB. */
export const MESSAGE_BYTES_MAX = 65_535
const HEAD_BYTES_MAX = 14
/** Of a frame that says what the connection does: close, ping, pong. */
const CONTROL_BYTES_MAX = 125
const [CONTINUED, TEXT, BINARY, CLOSE, PING, PONG] = [0x0, 0x1, 0x2, 0x8, 0x9, 0xa]
const OPCODES: ReadonlySet<number> = new Set([CONTINUED, TEXT, BINARY, CLOSE, PING, PONG])

const wrong = (reason: string): Closing => ({ code: CLOSED.protocol, reason })

export class FrameReader {
  readonly #isMasked: boolean
  readonly #head = Buffer.alloc(HEAD_BYTES_MAX)
  #headBytes = 0
  #payloadLeft = 0
  /** Of the message whose frames come, until its last. */
  #message: { bytes: number } | null = null
  /** Frames begun. */
  frames = 0
  /** It was said that nothing follows. */
  isClosed = false

  /** `isMasked`: what a client sends is, what a server sends is not (5.1). */
  constructor(isMasked: boolean) {
    this.#isMasked = isMasked
  }

  /** Whether the last byte was the last of a frame: here another may be put in. */
  get isBetween(): boolean {
    return this.#headBytes === 0 && this.#payloadLeft === 0
  }

  /** Reads on. What is wrong with it, if something is: then nothing of these bytes is to be passed on. */
  take(bytes: Uint8Array): Closing | null {
    for (let at = 0; at < bytes.length; ) {
      if (this.#payloadLeft > 0) {
        const skipped = Math.min(this.#payloadLeft, bytes.length - at)
        this.#payloadLeft -= skipped
        at += skipped
        continue
      }
      this.#head[this.#headBytes] = bytes[at] ?? 0
      this.#headBytes += 1
      at += 1
      if (this.#headBytes < this.#headLength()) continue
      const fault = this.#begin()
      if (fault !== null) return fault
    }
    return null
  }

  /** As far as what is there tells it. */
  #headLength(): number {
    if (this.#headBytes < 2) return 2
    const short = this.#second & 0x7f
    return 2 + (short === 127 ? 8 : short === 126 ? 2 : 0) + ((this.#second & 0x80) === 0 ? 0 : 4)
  }

  get #second(): number {
    return this.#head.readUInt8(1)
  }

  #length(): number {
    const short = this.#second & 0x7f
    if (short === 126) return this.#head.readUInt16BE(2)
    return short === 127 ? Number(this.#head.readBigUInt64BE(2)) : short
  }

  /** A head is whole. */
  #begin(): Closing | null {
    const first = this.#head.readUInt8(0)
    const [isLast, opcode, length] = [(first & 0x80) !== 0, first & 0x0f, this.#length()]
    this.#headBytes = 0
    this.#payloadLeft = length
    this.frames += 1
    if ((first & 0x70) !== 0 || !OPCODES.has(opcode)) return wrong('a frame of no kind there is')
    if (((this.#second & 0x80) !== 0) !== this.#isMasked) return wrong(this.#isMasked ? 'a frame without its mask' : 'a frame with a mask')
    if (opcode === CLOSE) this.isClosed = true
    if (opcode >= CLOSE) return isLast && length <= CONTROL_BYTES_MAX ? null : wrong('a control frame too long, or in parts')
    if ((opcode === CONTINUED) !== (this.#message !== null)) return wrong('a message within another, or without its beginning')
    this.#message ??= { bytes: 0 }
    this.#message.bytes += length
    if (this.#message.bytes > MESSAGE_BYTES_MAX) return { code: CLOSED.tooLarge, reason: 'a message larger than any of SIP' }
    if (isLast) this.#message = null
    return null
  }
}

/** The frame a server ends a connection with (5.5.1). */
export function closeFrame({ code, reason }: Closing): Buffer {
  const text = Buffer.from(reason)
  const frame = Buffer.alloc(4 + text.length)
  frame.writeUInt8(0x80 | CLOSE, 0)
  frame.writeUInt8(2 + text.length, 1)
  frame.writeUInt16BE(code, 2)
  text.copy(frame, 4)
  return frame
}
