/** Bodies of JSON: held shallow before anything walks them, for whatever walks a value deep enough runs out of stack. */
import type { FastifyInstance } from 'fastify'
import { refused } from './problems.ts'

/** Deeper than any body that is taken: the settings of a campaign go six deep. */
const DEPTH_MAX = 64

/** How deep brackets nest, read from the text alone. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const { 0: token } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    if (depth > DEPTH_MAX) return true
  }
  return false
}

export function takeJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body)
    if (isTooDeep(text)) done(refused('request.malformed', { detail: `It nests more than ${DEPTH_MAX} deep.` }))
    else parse(request, text, done)
  })
}
