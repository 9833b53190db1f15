/** What may stand in the log: numbers of people are masked and secrets left out, whoever wrote the line. */

/** Names of fields whose value is never written. */
const SECRET = /pass(?:word|phrase)?$|secret|cookie|authorization|^token$|verifier|nonce|^code$|credential/i
/** A secret in the midst of a text: one of our own tokens, a bearer, ARI's password in an address, a hash of one, a cookie of a session. */
const SECRETS_IN_TEXT =
  /samtal_[\w-]{8,}|\bBearer\s+\S+|\bapi_key=[^\s&"']+|(?<=:\/\/)[^\s/@:]+:[^\s/@]+(?=@)|\$argon2\S+|\b(?:__Host-)?samtal(?:-device|-oidc)?=[\w-]+/g
/** +46 70-123 45 67, 0046701234567, 070-123 45 67, 46701234567. Instants and counts are shorter, longer, or without a leading + or 0. */
const NUMBER = /(?<![\w.-])(?:\+\d[\d\s()/-]{5,}\d|0[\d][\d\s()/-]{5,}\d|\d{9,12})(?!\w)/g
const INSTANT = /^\d{4}-\d\d-\d\dT/
const DEPTH_MAX = 6

const masked = (number: string): string => `…${number.replace(/\D/g, '').slice(-2)}`

export const cleanText = (text: string): string => {
  const without = text.replace(SECRETS_IN_TEXT, '[withheld]')
  return INSTANT.test(without) ? without : without.replace(NUMBER, masked)
}

/** The fields of a line. An error is told by its stack. */
export function cleanFields(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (value instanceof Error) return cleanText(value.stack ?? value.message)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEPTH_MAX) return '[deep]'
  if (Array.isArray(value)) return value.map((one) => cleanFields(one, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, SECRET.test(name) ? '[withheld]' : cleanFields(one, depth + 1)]),
  )
}
