/** What a refused request gets: RFC 9457 problem documents with Samtal's own codes. */
import type { FastifyReply } from 'fastify'
import { type RefusalCode, refusals } from '#wire/refusals.ts'
import type { Problem } from '#wire/session.ts'

/** In both languages, where it is not the same in both. */
type Said = string | Readonly<Record<'en' | 'sv', string>>

/** A refusal on its way to the client. `code` has a row in the list of refusals; `detail` says more than its sentence, never a number of a person. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string
  readonly field: string | undefined
  readonly detail: Said | undefined
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined
  constructor(code: string, more: { readonly field?: string | undefined; readonly detail?: Said; readonly retryAfter?: number } = {}) {
    super(code)
    this.code = code
    this.field = more.field
    this.detail = more.detail
    this.retryAfter = more.retryAfter
  }
}

/** Refuses at the edge. */
export const refused = (code: RefusalCode, more: ConstructorParameters<typeof Refused>[1] = {}): Refused => new Refused(code, more)

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

export const titleOf = (status: number): string => TITLES[status] ?? 'Error'

/** A code that is not in the list is a fault of ours, said as such. */
export function problemOf(refusal: Refused, language: 'en' | 'sv'): Problem {
  const row = refusals[refusal.code] ?? refusals['server.failed']
  const status = row?.status ?? 500
  const problem = {
    type: `/docs#${refusal.code}`,
    title: titleOf(status),
    status,
    code: refusal.code,
    detail: [row?.[language], typeof refusal.detail === 'object' ? refusal.detail[language] : refusal.detail]
      .filter((part) => part !== undefined)
      .join(' '),
  }
  return refusal.field === undefined ? problem : { ...problem, field: refusal.field }
}

export const languageOf = (reply: FastifyReply): 'en' | 'sv' =>
  /^sv\b/i.test(reply.request.headers['accept-language'] ?? '') ? 'sv' : 'en'

export function sendProblem(reply: FastifyReply, refusal: Refused): FastifyReply {
  const problem = problemOf(refusal, languageOf(reply))
  if (refusal.retryAfter !== undefined) reply.header('retry-after', String(refusal.retryAfter))
  return reply.code(problem.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem))
}

/** Any error a route or Fastify itself throws, as a refusal; null: a fault of ours, to be logged. */
export function refusalOf(error: unknown): Refused | null {
  if (error instanceof Refused) return error
  if (!(error instanceof Error)) return null
  const of = (name: string): unknown => Reflect.get(error, name)
  const [fault] = Array.isArray(of('validation')) ? (of('validation') as readonly object[]) : []
  if (fault !== undefined) {
    const missing =
      Reflect.get(Reflect.get(fault, 'params') ?? {}, 'missingProperty') ??
      Reflect.get(Reflect.get(fault, 'params') ?? {}, 'additionalProperty')
    const path = [String(Reflect.get(fault, 'instancePath') ?? ''), missing].filter((part) => part !== undefined && part !== '').join('/')
    return refused('request.invalid', {
      field: path.replace(/^\//, '').replaceAll('/', '.') || String(of('validationContext') ?? ''),
      detail: String(Reflect.get(fault, 'message') ?? ''),
    })
  }
  switch (of('statusCode')) {
    case 400:
      return refused('request.malformed')
    case 413:
      return refused('request.tooLarge')
    case 414:
      return refused('request.invalid')
    case 415:
      return refused('request.mediaType')
    default:
      if (of('name') !== 'PortError') return null
      return refused(of('port') === 'identity' ? 'oidc.unavailable' : 'server.unavailable', { retryAfter: 5 })
  }
}
