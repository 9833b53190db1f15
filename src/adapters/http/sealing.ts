/**
 * Text a client carries back to us and is not to read: where a page of a list ended, which row is meant. Such text may hold a number, so it
 * leaves sealed. The same text seals to the same, so that it serves as the id of a row. Built as RFC 5297 has it: a tag over the text is
 * the counter's start, and is held against the text when it comes back.
 */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'

const TAG_BYTES = 16
const CIPHER = 'aes-256-ctr'

export class Sealing {
  readonly #tagKey: Buffer
  readonly #cipherKey: Buffer

  /** `secret`: of the solution's own, the same after a restart: what a program was given yesterday opens today. */
  constructor(secret: Buffer) {
    this.#tagKey = createHmac('sha256', secret).update('tag').digest()
    this.#cipherKey = createHmac('sha256', secret).update('cipher').digest()
  }

  #tag(what: string, text: string): Buffer {
    return createHmac('sha256', this.#tagKey).update(`${what}\0${text}`).digest().subarray(0, TAG_BYTES)
  }

  /** `what`: kind of thing; what was sealed as one is not opened as another. */
  seal(what: string, text: string): string {
    const tag = this.#tag(what, text)
    const cipher = createCipheriv(CIPHER, this.#cipherKey, tag)
    return Buffer.concat([tag, cipher.update(text, 'utf8'), cipher.final()]).toString('base64url')
  }

  /** null: never sealed here, or as something else. */
  open(what: string, sealed: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length <= TAG_BYTES) return null
    const tag = bytes.subarray(0, TAG_BYTES)
    const cipher = createDecipheriv(CIPHER, this.#cipherKey, tag)
    const text = Buffer.concat([cipher.update(bytes.subarray(TAG_BYTES)), cipher.final()]).toString('utf8')
    return timingSafeEqual(tag, this.#tag(what, text)) ? text : null
  }
}
