/** Bytes as text, in whatever encoding a spreadsheet or a telephone wrote them. */

export type Decoded = { readonly text: string; readonly encoding: string } | { readonly wrong: 'encoding.unknown' | 'encoding.wrong' }

/** Of text in Latin letters every second byte of UTF-16 is 0; bytes looked at. */
const LOOKED_AT = 4_096

function markedOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return null
}

function zerosOf(bytes: Uint8Array): string | null {
  let [even, odd] = [0, 0]
  const length = Math.min(bytes.length, LOOKED_AT)
  for (let at = 0; at < length; at += 1) {
    if (bytes[at] !== 0) continue
    if (at % 2 === 0) even += 1
    else odd += 1
  }
  if (even + odd < length / 4) return null
  return odd > even ? 'utf-16le' : 'utf-16be'
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

function isKnown(encoding: string): boolean {
  try {
    return new TextDecoder(encoding).encoding !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/**
 * By its byte order mark, else UTF-16 where every second byte is 0, else UTF-8 where it is that without a fault, else windows-1252,
 * which any bytes are. `asked`: a name of the Encoding Standard that overrules all this but a mark.
 */
export function decode(bytes: Uint8Array, asked: string | null): Decoded {
  if (asked !== null && !isKnown(asked)) return { wrong: 'encoding.unknown' }
  const certain = markedOf(bytes) ?? asked ?? zerosOf(bytes)
  if (certain !== null) {
    const text = decoded(bytes, certain)
    return text === null ? { wrong: 'encoding.wrong' } : { text, encoding: certain.toLowerCase() }
  }
  const text = decoded(bytes, 'utf-8')
  if (text !== null) return { text, encoding: 'utf-8' }
  return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' }
}
