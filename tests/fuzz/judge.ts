/** What is held against every answer. Nothing of it is taken from the server but the document it gives of itself. */
import { readFileSync } from 'node:fs'
import { Compile, type Validator } from 'typebox/compile'
import type { Answer, Answered } from './client.ts'
import type { Schema } from './document.ts'
import type { Sent } from './requests.ts'
import type { Round } from './round.ts'

/** The rows of the page of refusals: codes, each with its status. */
const REFUSALS: ReadonlyMap<string, number> = new Map(
  [...readFileSync(new URL('../../docs/refusals.md', import.meta.url), 'utf8').matchAll(/^\| `([\w.]+)` \| (\d{3}) \|/gm)].map(
    ([, code = '', status]) => [code, Number(status)],
  ),
)
/** Of HTTP itself, before anything knows which route it is for: no route names them as its own. */
const OF_HTTP = [
  'request.http',
  'request.headers',
  'request.late',
  'request.malformed',
  'request.tooLarge',
  'request.mediaType',
  'request.unknown',
  'request.invalid',
]

/** What tells of our insides. */
const INSIDES = /node_modules|\.ts:\d+|\bat (?:async )?\w+[\w.]* \(|SQLITE_|FST_ERR|ENOENT|\/src\//

const checks = new WeakMap<Schema, Validator>()
const check = (schema: Schema): Validator => {
  const known = checks.get(schema) ?? Compile(schema as never)
  checks.set(schema, known)
  return known
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}

const typeOf = ({ headers }: Answer): string => headers['content-type']?.split(';')[0] ?? ''

/** Its code, or what is wrong with the refusal. */
function refusalOf(answer: Answer, { operation }: Sent): { readonly code: string } | { readonly fault: string } {
  const { status, text } = answer
  const problem = parsed(text)
  const has = (name: string): unknown => Reflect.get(Object(problem), name)
  const code = String(has('code') ?? '')
  if (typeOf(answer) !== 'application/problem+json')
    return { fault: `${status} is no problem document but ${typeOf(answer)}: ${text.slice(0, 200)}` }
  if (has('type') !== `/docs#${code}` || has('status') !== status || typeof has('detail') !== 'string')
    return { fault: `a problem without its form: ${text.slice(0, 200)}` }
  if (REFUSALS.get(code) !== status) return { fault: `${code} (${status}) does not stand so in docs/refusals.md` }
  if (operation !== null && operation.refusals.get(code) !== status && !OF_HTTP.includes(code))
    return { fault: `${operation.name} does not tell of ${code} (${status})` }
  return { code }
}

const isHead = ({ bytes }: Sent): boolean => Buffer.from(bytes.subarray(0, 5)).toString() === 'HEAD '

/** A cell a spreadsheet would compute, also one that parts cells at semicolons, as those do where the decimal sign is a comma. */
const isFormula = (text: string): boolean => /(?:^|[\r\n;\t])"? *[=@＝]|,"?[=@＝]/.test(text)

function answerFaults(answer: Answer, sent: Sent): readonly string[] {
  const { operation } = sent
  // An answer to HEAD has no body, whatever it says of it.
  if (operation === null || isHead(sent)) return []
  const types = operation.answers[answer.status]
  if (types === undefined) return [`${answer.status} is no answer the document knows`]
  const type = typeOf(answer)
  if (Object.keys(types).length === 0) return answer.text === '' ? [] : ['a body where there is none']
  const schema = types[type]
  if (schema === undefined) return [`an answer as ${type}`]
  if (type === 'text/csv') return isFormula(answer.text) ? ['a cell that is a formula'] : []
  if (type === 'application/x-ndjson')
    return answer.text.split('\n').some((line) => line !== '' && parsed(line) === undefined) ? ['a line that is no JSON'] : []
  if (type !== 'application/json') return []
  const validator = check(schema)
  const value = parsed(answer.text)
  if (validator.Check(value)) return []
  return [`not its schema: ${JSON.stringify([...validator.Errors(value)][0] ?? null).slice(0, 300)}`]
}

/** What an answer gives away: what is not the asker's, what is nobody's, and our insides. */
function leaksIn(round: Round, { asker, said }: Sent, { text }: Answer): readonly string[] {
  const told = round.leaks(asker, text).filter((leak) => !said.includes(leak.slice(leak.indexOf(': ') + 2)))
  const secrets = round.secrets.filter((secret) => text.includes(secret) && !said.includes(secret))
  const insides = INSIDES.exec(text)?.[0]
  return [
    ...told.map((leak) => `told of ${leak}`),
    ...secrets.map((secret) => `told a secret: ${secret.slice(0, 12)}…`),
    ...(insides === undefined || said.includes(insides) ? [] : [`told of its insides: ${insides}`]),
  ]
}

/** What the log must never hold: a person's number, in E.164 or by its last digits. */
const NUMBER = /\+\d{8,15}\b|\b(?:46|0)70\d{7}\b|\b17406\d\d\b/

export interface Verdict {
  /** The refusal's code, or the status. */
  readonly code: string
  readonly faults: readonly string[]
}

/** `logged`: what was written meanwhile. */
export function judge(round: Round, sent: Sent, answered: Answered, logged: readonly string[]): Verdict {
  const log = [
    ...logged.filter((line) => /^error |\bBug\b|unhandled/i.test(line)).map((line) => `the log: ${line.slice(0, 600)}`),
    ...logged.filter((line) => NUMBER.test(line)).map(() => 'a number in the log'),
  ]
  if (answered === 'closed' || answered === 'late') {
    const isFault = answered === 'late' || sent.whole
    return {
      code: answered,
      faults: [...(isFault ? [answered === 'late' ? 'no answer in time' : 'closed without an answer'] : []), ...log],
    }
  }
  const { status, headers } = answered
  const faults = [...leaksIn(round, sent, answered), ...log]
  if (headers['x-content-type-options'] !== 'nosniff') faults.push(`${status} without its headers of security`)
  if (status < 400)
    return { code: String(status), faults: [...faults, ...(status === 101 ? ['an upgrade'] : answerFaults(answered, sent))] }
  if (answered.text === '' && isHead(sent)) return { code: String(status), faults }
  const refusal = refusalOf(answered, sent)
  const isOurs = status >= 500 && !(status === 503 && 'code' in refusal)
  if (isOurs) faults.push(`${status}: ${answered.text.slice(0, 200)}`)
  return 'code' in refusal ? { code: refusal.code, faults } : { code: String(status), faults: [...faults, refusal.fault] }
}
