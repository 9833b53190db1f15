/** OpenAPI 3.1 and a plain page, both made from the list of routes: what is not served is not listed. */
import type { TSchema } from 'typebox'
import { refusals } from '#wire/refusals.ts'
import { Problem } from '#wire/session.ts'
import type { Route } from './route.ts'

/** Every route may be refused like this. */
const ALWAYS = ['request.host', 'server.failed', 'server.unavailable']

/** Of whoever asks; of a token too, where no scope opens the route. */
const OF_CALLERS = ['session.required', 'session.notAllowed', 'token.refused', 'token.scope']

const openPath = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}')

/** A file of any size is not read before it is acted on, so it cannot be compared; sent again it is known by its own digest. */
export const takesKey = (route: Route): boolean => route.method === 'POST' && route.raw?.streamed !== true

function refusalsOf(route: Route): string[] {
  return [
    ...((route.params ?? route.query ?? route.body) ? ['request.invalid'] : []),
    ...(route.raw === undefined ? [] : ['request.mediaType', 'request.tooLarge']),
    ...(route.roles === null ? [] : [...OF_CALLERS, ...(route.temporary ? [] : ['password.temporary'])]),
    ...(route.method === 'GET' ? [] : ['request.forged']),
    ...('nothing' in route.audit || route.audit.as === 'work' ? [] : ['audit.unavailable']),
    ...(takesKey(route) ? ['request.idempotencyKey'] : []),
    ...route.refuses,
    ...ALWAYS,
  ]
}

function parametersOf(route: Route): object[] {
  const of = (schema: TSchema | undefined, place: 'path' | 'query') => {
    const properties = (schema === undefined ? {} : Reflect.get(schema, 'properties')) as Record<string, object>
    const required = (schema === undefined ? [] : (Reflect.get(schema, 'required') ?? [])) as string[]
    return Object.entries(properties).map(([name, property]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      schema: property,
    }))
  }
  const key = { name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 200 } }
  return [...of(route.params, 'path'), ...of(route.query, 'query'), ...(takesKey(route) ? [key] : [])]
}

function responsesOf(route: Route): Record<string, object> {
  const { status, schema, types = ['application/json'] } = route.answer
  const content =
    schema === undefined && route.answer.types === undefined
      ? {}
      : {
          content: Object.fromEntries(
            types.map((type) => [type, { schema: type.startsWith('text/') && type !== 'text/event-stream' ? { type: 'string' } : schema }]),
          ),
        }
  const byStatus = Map.groupBy(refusalsOf(route), (code) => refusals[code]?.status ?? 500)
  return {
    [status]: { description: route.summary, ...content },
    ...Object.fromEntries(
      [...byStatus].map(([refusedAs, codes]) => [
        refusedAs,
        { description: codes.join(', '), content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      ]),
    ),
  }
}

function requestBodyOf({ body, raw }: Route): object {
  if (body !== undefined) return { requestBody: { required: true, content: { 'application/json': { schema: body } } } }
  if (raw === undefined) return {}
  const file = { schema: { type: 'string', format: 'binary' } }
  return { requestBody: { required: true, content: Object.fromEntries(raw.types.map((type) => [type, file])) } }
}

export function openApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = `/api/v1${openPath(route.path)}`
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: {
        summary: route.summary,
        description: route.roles === null ? 'For anybody.' : `For ${route.roles.join(', ')}.`,
        security: route.roles === null ? [] : [{ session: [] }, ...(route.token === undefined ? [] : [{ token: [route.token] }])],
        parameters: parametersOf(route),
        ...requestBodyOf(route),
        responses: responsesOf(route),
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Samtal',
      version,
      description: 'Times are ISO 8601 UTC with milliseconds, durations milliseconds. Changes carry the header X-Samtal: 1.',
    },
    paths,
    components: {
      schemas: { Problem },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'samtal' },
        token: { type: 'http', scheme: 'bearer', description: 'For programs: made at /tokens, in the scopes named with each route' },
      },
    },
  }
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** The routes and the refusals for people to read, with nothing from elsewhere. */
export function docsPage(routes: readonly Route[]): string {
  const row = (route: Route) =>
    `<tr><td><code>${route.method}</code></td><td><code>/api/v1${escaped(openPath(route.path))}</code></td><td>${escaped(route.summary)}</td><td>${route.roles?.join(', ') ?? 'anybody'}</td></tr>`
  const refusal = ([code, { status, en }]: [string, { status: number; en: string }]) =>
    `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escaped(en)}</td></tr>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Samtal API</title><link rel="stylesheet" href="/docs.css"></head>
<body><main><h1>Samtal API</h1><p>The whole description: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<h2>Routes</h2><table><thead><tr><th>Method</th><th>Address</th><th>What it does</th><th>For</th></tr></thead><tbody>${routes.map(row).join('')}</tbody></table>
<h2>Refusals</h2><table><thead><tr><th>Code</th><th>Status</th><th>It says</th></tr></thead><tbody>${Object.entries(refusals).map(refusal).join('')}</tbody></table>
</main></body></html>`
}

export const docsStyle = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}:target{outline:2px solid}
`
