/**
 * Which passwords may be chosen: long ones that are no common one and do not name who or what they are for. No rule asks for digits or
 * signs, and none for a new one now and then (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5, V6.2).
 */

/** Below it a guess is too near. ASVS asks for 8, and advises 15. */
const PASSWORD_LENGTH_MIN = 12

/** How many times one piece may stand in a row to be the whole: `abcabcabcabc`. */
const PIECE_MAX = 4
/** Shorter words are in many good passwords. */
const CONTEXT_MIN = 4
const COMMON_MIN = 4
/** Of a long password that contains a common one, the rest must be so long by itself. */
const REST_MIN = 8

const RUNS = ['abcdefghijklmnopqrstuvwxyz', 'qwertyuiopåasdfghjklöäzxcvbnm', 'qwertyuiopasdfghjklzxcvbnm', '01234567890123456789']
const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

let common: Promise<ReadonlySet<string>> | null = null

/** The 49,000 commonest, of the lists that are public; read when first needed. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then(({ dictionary }) => new Set(dictionary['passwords-common']))
  return common
}

const isOneRun = (text: string): boolean => RUNS.some((run) => run.includes(text) || [...run].reverse().join('').includes(text))

/** `aaaaaaaaaaaa`, `abcabcabcabc`. */
const isRepeated = (text: string): boolean =>
  Array.from({ length: PIECE_MAX }, (_, index) => text.slice(0, index + 1)).some(
    (piece) => piece.repeat(Math.ceil(text.length / piece.length)).slice(0, text.length) === text,
  )

const unmasked = (text: string): string => [...text].map((letter) => LOOKALIKES[letter] ?? letter).join('')
/** Without what people put before and after a word to satisfy a rule. */
const bare = (text: string): string => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')

/** Whether it is a common one, or two of them, or one with trimmings. */
function isCommon(text: string, list: ReadonlySet<string>): boolean {
  const forms = [text, bare(text), bare(unmasked(text)), unmasked(bare(text))]
  const known = (word: string): boolean => word === '' || list.has(word) || isOneRun(word) || isRepeated(word)
  return forms.some((form) => {
    if (form.length < REST_MIN && form.length < text.length) return known(form) || form.length < COMMON_MIN
    if (known(form)) return true
    return Array.from({ length: form.length }, (_, at) => [form.slice(0, at), form.slice(at)] as const).some(
      ([head, tail]) => head.length >= COMMON_MIN && tail.length >= COMMON_MIN && known(head) && known(tail),
    )
  })
}

export type PasswordFault = 'password.short' | 'password.common' | 'password.context'

/** What is wrong with it; null: nothing. `context`: words it must not be made of: the account, the organisation, the product. */
export async function passwordFault(password: string, context: readonly string[]): Promise<PasswordFault | null> {
  const text = password.normalize('NFC').toLowerCase()
  if ([...text].length < PASSWORD_LENGTH_MIN) return 'password.short'
  const words = context.flatMap((phrase) => phrase.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= CONTEXT_MIN)
  for (const word of words) if (text.includes(word) && bare(text.replaceAll(word, '')).length < REST_MIN) return 'password.context'
  return isCommon(text, await commonPasswords()) ? 'password.common' : null
}
