/** Passwords as argon2id in their PHC form. Parameters: OWASP Password Storage Cheat Sheet, 19 MiB, 2 passes, 1 lane. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const hash = promisify(argon2)
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const TAG_BYTES = 32
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** `$argon2id$v=19$m=…,t=…,p=…$salt$tag`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await hash('argon2id', {
    message: password.normalize('NFC'),
    nonce,
    parallelism: LANES,
    tagLength: TAG_BYTES,
    memory: MEMORY_KIB,
    passes: PASSES,
  })
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(nonce)}$${base64(tag)}`
}

/** Whether it was made with other parameters than those in force: to be made anew when the password is next known. */
export const isOutdated = (phc: string): boolean => !phc.startsWith(`$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$`)

/** As people type and read it out: 25 of 32 letters and digits that nobody mixes up, 125 bits. */
export function temporaryPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
  const drawn = [...randomBytes(25)].map((byte) => letters[byte & 31])
  return Array.from({ length: 5 }, (_, part) => drawn.slice(part * 5, part * 5 + 5).join('')).join('-')
}

/** False also for a hash that is not one. Takes the time the hash's own parameters ask for. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const parts = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc)
  if (parts === null) return false
  const [, memory = '', passes = '', parallelism = '', salt = '', expected = ''] = parts
  const tag = Buffer.from(expected, 'base64')
  const made = await hash('argon2id', {
    message: password.normalize('NFC'),
    nonce: Buffer.from(salt, 'base64'),
    parallelism: Number(parallelism),
    tagLength: tag.length,
    memory: Number(memory),
    passes: Number(passes),
  })
  return timingSafeEqual(made, tag)
}
