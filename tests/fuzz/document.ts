/** The OpenAPI document a server gives of itself, as what can be asked of it: nothing is known here but what every client is told. */

/** JSON Schema, as far as the document uses it. */
export interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly patternProperties?: Readonly<Record<string, Schema>>
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly schema: Schema
}

export interface Operation {
  /** As `POST /api/v1/calls/{id}/hold`. */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly params: readonly Parameter[]
  readonly query: readonly Parameter[]
  readonly takesKey: boolean
  /** Of a JSON body; null: none is taken. */
  readonly body: Schema | null
  /** Media types of a file taken as it is. */
  readonly files: readonly string[]
  /** null: for anybody. */
  readonly roles: readonly string[] | null
  readonly scope: string | null
  /** By status: the media types of the answer, each with its schema. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, Schema>>>>
  /** Codes it says it refuses with, each with its status. */
  readonly refusals: ReadonlyMap<string, number>
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
  readonly description?: string
}
interface Described {
  readonly description: string
  readonly security: readonly { readonly token?: readonly string[] }[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content>>
}
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
}

const PROBLEM = 'application/problem+json'

function refusalsOf(responses: Described['responses']): ReadonlyMap<string, number> {
  const told = Object.entries(responses).filter(([, { content = {} }]) => PROBLEM in content)
  return new Map(told.flatMap(([status, { description = '' }]) => description.split(', ').map((code) => [code, Number(status)] as const)))
}

function operationOf(path: string, method: string, described: Described): Operation {
  const { description, security, parameters, requestBody, responses } = described
  const { 'application/json': json, ...files } = requestBody?.content ?? {}
  const roles = /^For (.+)\.$/.exec(description)?.[1] ?? 'anybody'
  const answers = Object.entries(responses).filter(([, { content = {} }]) => !(PROBLEM in content))
  return {
    ...{ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path },
    params: parameters.filter((one) => one.in === 'path'),
    query: parameters.filter((one) => one.in === 'query'),
    takesKey: parameters.some(({ name }) => name === 'Idempotency-Key'),
    body: json?.schema ?? null,
    files: Object.keys(files),
    roles: roles === 'anybody' ? null : roles.split(', '),
    scope: security.find(({ token }) => token !== undefined)?.token?.[0] ?? null,
    answers: Object.fromEntries(
      answers.map(([status, { content = {} }]) => [
        status,
        Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema])),
      ]),
    ),
    refusals: refusalsOf(responses),
  }
}

export const operationsOf = ({ paths }: Document): readonly Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(path, method, described)),
  )
