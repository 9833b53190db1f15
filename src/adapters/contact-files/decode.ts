/** Bytes as text while they arrive, in whatever encoding a spreadsheet wrote them. */
import { TextDecoder } from 'node:util'

/** Bytes looked at for zeros: of Latin letters in UTF-16 every second byte is one. */
const LOOKED_AT = 4_096
/** The longest character of UTF-8, in bytes: so many are kept back where it is not known yet whether it is that. */
const LONGEST = 4

function markOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return null
}

function zerosOf(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, LOOKED_AT)
  const zeros = [0, 0]
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (even + odd < head.length / 4) return null
  return odd > even ? 'utf-16le' : 'utf-16be'
}

/** null: there is no such encoding. */
function decoderOf(encoding: string): TextDecoder | null {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const asciiOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
const firstNotAscii = (bytes: Uint8Array): number => bytes.findIndex((byte) => byte > 0x7f)

/** `isLast`: a character cut off is none. */
function isUtf8(bytes: Uint8Array, isLast: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isLast })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

export type EncodingFault = 'encoding.unknown' | 'encoding.wrong'

/**
 * By its byte order mark, else as asked, else UTF-16 where every second byte is 0, else UTF-8 or windows-1252: what the first characters
 * beyond ASCII are tells, and until then it does not matter. A file that is not what it was taken for is `encoding.wrong`.
 */
export class Decoding {
  readonly #asked: string | null
  #decoder: TextDecoder | null = null
  #kept: Uint8Array = new Uint8Array()
  #isFirst = true
  #line = 1

  constructor(asked: string | null) {
    this.#asked = asked
  }

  get encoding(): string {
    return this.#decoder?.encoding ?? 'utf-8'
  }

  /** The line reached. */
  get line(): number {
    return this.#line
  }

  /** `isLast`: nothing follows. */
  take(piece: Uint8Array, isLast: boolean): string | EncodingFault {
    const bytes = this.#kept.length === 0 ? piece : Buffer.concat([this.#kept, piece])
    this.#kept = new Uint8Array()
    if (this.#isFirst && bytes.length < LONGEST && !isLast) {
      this.#kept = bytes
      return ''
    }
    if (this.#isFirst) {
      this.#isFirst = false
      const certain = markOf(bytes) ?? this.#asked ?? zerosOf(bytes)
      if (certain !== null) this.#decoder = decoderOf(certain)
      if (certain !== null && this.#decoder === null) return 'encoding.unknown'
    }
    if (this.#decoder !== null) return this.#decoded(this.#decoder, bytes, isLast)
    return this.#untold(bytes, isLast)
  }

  /** Nothing but ASCII so far. */
  #untold(bytes: Uint8Array, isLast: boolean): string | EncodingFault {
    const place = firstNotAscii(bytes)
    if (place === -1) return this.#counted(asciiOf(bytes))
    const rest = bytes.subarray(place)
    if (rest.length < LONGEST && !isLast) {
      this.#kept = rest
      return this.#counted(asciiOf(bytes.subarray(0, place)))
    }
    this.#decoder = new TextDecoder(isUtf8(rest, isLast) ? 'utf-8' : 'windows-1252', { fatal: true })
    return this.#decoded(this.#decoder, bytes, isLast)
  }

  #counted(text: string): string {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#line += 1
    return text
  }

  #decoded(decoder: TextDecoder, bytes: Uint8Array, isLast: boolean): string | EncodingFault {
    try {
      return this.#counted(decoder.decode(bytes, { stream: !isLast }))
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      const [before = ''] = new TextDecoder(decoder.encoding).decode(bytes).split('\ufffd')
      this.#counted(before)
      return 'encoding.wrong'
    }
  }
}
