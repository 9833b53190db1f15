/** The HTTP server: the API of src/wire, health and metrics, and the built web application. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import cookie from '@fastify/cookie'
import statics from '@fastify/static'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { By } from '#core/facts.ts'
import { Bug } from '#core/kernel/kernel.ts'
import type { TokenScope } from '#wire/tokens.ts'
import { thingsOf } from './audit-words.ts'
import { Auditing, type AuditNote, actorOf, type Draft } from './auditing.ts'
import type { HttpDeps } from './deps.ts'
import { forgeryGuard, hostGuard, isFromThisMachine, secure } from './guard.ts'
import { Hub } from './hub.ts'
import { Idempotency } from './idempotency.ts'
import { holdToInstants } from './instants.ts'
import { takeJson } from './json-body.ts'
import { type MaskNow, SentFile, whole } from './list-file.ts'
import { Masking } from './masking.ts'
import { metrics } from './metrics.ts'
import { docsPage, docsStyle, openApi, takesKey } from './openapi.ts'
import { isPhoneAsked, mountPhones } from './phone-way.ts'
import { refusalOf, refused, sendProblem } from './problems.ts'
import type { Caller, Route, Server } from './route.ts'
import { auditRoutes } from './routes-audit.ts'
import { callRoutes } from './routes-calls.ts'
import { campaignRoutes } from './routes-campaigns.ts'
import { contactRoutes } from './routes-contacts.ts'
import { deskRoutes } from './routes-desk.ts'
import { directoryRoutes } from './routes-directory.ts'
import { doNotCallRoutes } from './routes-do-not-call.ts'
import { importRoutes } from './routes-imports.ts'
import { liveRoutes } from './routes-live.ts'
import { offerRoutes } from './routes-offers.ts'
import { oidcRoutes } from './routes-oidc.ts'
import { personRoutes } from './routes-persons.ts'
import { sessionRoutes } from './routes-session.ts'
import { tokenRoutes } from './routes-tokens.ts'
import { userRoutes } from './routes-users.ts'
import { scopeOf } from './scope.ts'
import { Sealing } from './sealing.ts'
import { Sessions } from './sessions.ts'
import { hasToken, Tokens, userOf } from './tokens.ts'
import { answerUnread, answerUnreadAddress, serverOf } from './unread.ts'
import { UserNames } from './users.ts'
import { buildValidator } from './validators.ts'

/** Every route of the API, in the order it is described in. */
export const routes: readonly Route[] = [
  ...sessionRoutes,
  ...oidcRoutes,
  ...callRoutes,
  ...deskRoutes,
  ...offerRoutes,
  ...liveRoutes,
  ...campaignRoutes,
  ...contactRoutes,
  ...importRoutes,
  ...doNotCallRoutes,
  ...directoryRoutes,
  ...tokenRoutes,
  ...personRoutes,
  ...userRoutes,
  ...auditRoutes,
]

const VERSION = '0.1.0'
const BODY_BYTES_MAX = 64 * 1024
const REQUEST_MS_MAX = 30_000
/** A file of contacts may take its time over a slow line. */
const UPLOAD_MS_MAX = 2 * 3_600_000
const PREFIX = '/api/v1'

export interface HttpServer {
  readonly app: FastifyInstance
  /** Whether somebody has this agent's desk open. */
  atDesk(agentId: string): boolean
  /** Listens; gives the address. Rejects with Node's error where the port is taken. */
  listen(at: { readonly host: string; readonly port: number }): Promise<string>
  close(): Promise<void>
}

async function callerOf(server: Server, route: Route, request: FastifyRequest, draft: Draft | null): Promise<Caller | null> {
  if (route.roles === null) return null
  if (hasToken(request)) return programOf(server, route, request, draft)
  const signedIn = await server.sessions.of(request)
  if (signedIn === null) throw refused('session.required')
  const { user, tokenHash, temporary, linked } = signedIn
  if (draft !== null) draft.actor = actorOf(user)
  if (temporary && route.temporary !== true) throw refused('password.temporary')
  if (!route.roles.includes(user.role)) throw refused('session.notAllowed')
  const by: By = user.role === 'agent' ? 'agent' : 'supervisor'
  return {
    user,
    tokenHash,
    temporary,
    linked,
    scope: scopeOf(user),
    asking: { by, user: user.name },
    mask: () => server.masking.of(user.role),
  }
}

/** A program by its token: in its scopes, and nowhere else. */
async function programOf({ tokens }: Server, route: Route, request: FastifyRequest, draft: Draft | null): Promise<Caller> {
  const token = await tokens.of(request)
  if (draft !== null) draft.actor = actorOf(userOf(token), token)
  if (route.token === undefined || !token.scopes.includes(route.token)) throw refused('token.scope')
  const user = userOf(token)
  return {
    user,
    token,
    tokenHash: '',
    temporary: false,
    linked: false,
    scope: scopeOf(user),
    asking: { by: 'supervisor', user: user.name },
    mask: whole,
  }
}

const mediaType = (request: FastifyRequest): string => request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''

/** A file is told apart by its digest. */
const bodyOf = ({ body }: FastifyRequest): unknown => (Buffer.isBuffer(body) ? createHash('sha256').update(body).digest('hex') : body)

/** Files are for the routes that take them. */
function takeFiles(app: FastifyInstance, all: readonly Route[]): void {
  const types = new Set(all.flatMap((route) => route.raw?.types ?? []))
  app.addContentTypeParser([...types], { parseAs: 'buffer' }, (request, body, done) => {
    const takes = all.some(({ method, path: at, raw }) => raw && method === request.method && PREFIX + at === request.routeOptions.url)
    if (takes) done(null, body)
    else done(refused('request.mediaType'))
  })
}

/** The routes that read a file as it comes, each file as long as it may be. */
function mountStreamed(app: FastifyInstance, mounting: Mounting, streamed: readonly Route[]): void {
  app.register(async (inner) => {
    const types = [...new Set(streamed.flatMap((route) => route.raw?.types ?? []))]
    inner.removeContentTypeParser(types)
    inner.addContentTypeParser(types, (_request, body, done) => done(null, body))
    for (const route of streamed) mount(inner, mounting, route)
  })
}

/** Bodies that are read whole come soon or not at all: who sends one byte a minute is cut off. */
function limitSlowBodies(request: FastifyRequest): void {
  const { raw, headers } = request
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined
  if (!hasBody || raw.readableEnded) return
  const timer = setTimeout(() => raw.destroy(), REQUEST_MS_MAX).unref()
  for (const over of ['end', 'close']) raw.once(over, () => clearTimeout(timer))
}

/** What every route is mounted with. */
interface Mounting {
  readonly server: Server
  readonly idempotency: Idempotency
  readonly auditing: Auditing
}

/** Done once under a key, or now; with whether it was done now. */
async function answerOf(
  { server, idempotency, auditing }: Mounting,
  route: Route,
  caller: Caller | null,
  asked: Asking,
): Promise<Answered> {
  const { request, reply, draft } = asked
  const key = request.headers['idempotency-key']
  const exchange = { ...server, request, reply, note: (note: AuditNote) => auditing.note(draft, note) }
  if (!takesKey(route) || typeof key !== 'string' || caller === null) return { now: true, answer: await route.handle(exchange, caller) }
  let now = false
  const { repeat } = route
  const answer = await idempotency.once({
    key,
    account: caller.user.name,
    place: request.url,
    body: bodyOf(request),
    work: (once) => {
      now = true
      return route.handle(exchange, { ...caller, once })
    },
    again: (done, once) => route.again?.(done, exchange, once, caller),
    changes: 'as' in route.audit && route.audit.as === 'change',
    ...(repeat !== undefined && { repeat: () => repeat(exchange, caller) }),
  })
  return { now, answer }
}
interface Asking {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly draft: Draft | null
}
interface Answered {
  readonly now: boolean
  readonly answer: unknown
}

/** How numbers are shown in what this route answers: here, and nowhere in the handlers, for bodies and files alike. */
const maskFor = (caller: Caller | null, { numbersWhole }: Route): MaskNow =>
  caller === null || numbersWhole === true ? whole : caller.mask

function mount(app: FastifyInstance, mounting: Mounting, route: Route): void {
  const { server, auditing } = mounting
  const callers = new WeakMap<FastifyRequest, Caller>()
  const schema = {
    ...(route.params && { params: route.params }),
    ...(route.query && { querystring: route.query }),
    ...(route.body && { body: route.body }),
  }
  app.route({
    method: route.method,
    url: PREFIX + route.path,
    schema,
    config: { refusedTo: route.refusedTo },
    ...(route.raw && { bodyLimit: route.raw.bytesMax }),
    // Before the body is read: whoever may not call this learns nothing of how it is to be called.
    onRequest: async (request) => {
      forgeryGuard(request)
      if (route.raw?.streamed !== true) limitSlowBodies(request)
      const draft = auditing.begin(route.audit, request, thingsOf(route.path, request.params as Readonly<Record<string, string>>))
      const caller = await callerOf(server, route, request, draft)
      if (caller !== null) callers.set(request, caller)
      if (route.raw?.types.includes(mediaType(request)) === false) throw refused('request.mediaType')
    },
    handler: async (request, reply) => {
      const draft = auditing.draftOf(request)
      await auditing.before(draft)
      await server.masking.ready()
      const caller = callers.get(request) ?? null
      const { now, answer } = await answerOf(mounting, route, caller, { request, reply, draft })
      if (now) await auditing.done(draft)
      if (answer === reply || reply.sent) return reply
      reply.header('cache-control', 'no-store')
      if (answer === undefined) return reply.code(204).send()
      const maskNow = maskFor(caller, route)
      if (answer instanceof SentFile) return reply.send(Readable.from(answer.text(maskNow)))
      // Text of a handler's own making would go past the mask.
      if (answer instanceof Readable) throw new Bug(`${route.method} ${route.path} answers with text of its own`)
      const mask = maskNow()
      return reply
        .code(route.answer.status)
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(mask === null ? answer : mask(answer)))
    },
  })
}

/** Figures are for who operates this: on the machine itself, or with a token made for it. */
async function holdToMetrics({ tokens }: Server, request: FastifyRequest): Promise<void> {
  if (!hasToken(request)) {
    if (!isFromThisMachine(request)) throw refused('metrics.closed')
    return
  }
  if (!(await tokens.of(request)).scopes.includes('metrics.read' satisfies TokenScope)) throw refused('token.scope')
}

function mountOpen(app: FastifyInstance, server: Server, measured: ReturnType<typeof metrics>): void {
  app.get('/health/live', async () => ({ live: true }))
  // Whether, for whoever balances load; why, for whoever is at the machine.
  app.get('/health/ready', async (request, reply) => {
    const why = server.deps.engine.trouble()
    return reply.code(why === null ? 200 : 503).send({ ready: why === null, ...(isFromThisMachine(request) && { why }) })
  })
  app.get('/metrics', { onRequest: (request) => holdToMetrics(server, request) }, async (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await measured.text()),
  )
  app.get('/openapi.json', async () => openApi(routes, VERSION))
  app.get('/docs', async (_, reply) => reply.type('text/html; charset=utf-8').send(docsPage(routes)))
  app.get('/docs.css', async (_, reply) => reply.type('text/css; charset=utf-8').send(docsStyle))
}

/** Files by their names, which change with their content; every other address of a page is the application itself. */
async function mountWeb(app: FastifyInstance, folder: string | null): Promise<void> {
  const index = folder === null ? null : path.join(folder, 'index.html')
  if (folder !== null && existsSync(folder)) {
    await app.register(statics, {
      root: folder,
      wildcard: true,
      index: false,
      setHeaders: (reply, file) => {
        reply.header('cache-control', file.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  const page = async (request: FastifyRequest, reply: FastifyReply) => {
    const { method, url, headers } = request
    const isRead = method === 'GET' || method === 'HEAD'
    // The front door opens to whoever asks, also to what only looks whether somebody is in.
    const forPeople = isRead && !url.startsWith('/api/') && (/^\/(\?|$)/.test(url) || (headers.accept ?? '').includes('text/html'))
    if (!forPeople || index === null || !existsSync(index)) throw refused('request.unknown')
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(await readFile(index))
  }
  app.setNotFoundHandler(page)
  app.get('/', page)
}

/** Builds the server; nothing listens yet. */
export async function createHttpServer(deps: HttpDeps): Promise<HttpServer> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    // Of a whole request, a file of contacts too: shorter ones are cut off by `limitSlowBodies`.
    requestTimeout: UPLOAD_MS_MAX,
    forceCloseConnections: true,
    trustProxy: deps.trustedProxies.length === 0 ? false : [...deps.trustedProxies],
    routerOptions: { maxParamLength: 200 },
    serverFactory: (listener, options) => serverOf(listener, options, (request) => deps.phoneWay !== null && isPhoneAsked(request)),
    clientErrorHandler: answerUnread,
    frameworkErrors: (_, request, reply) => answerUnreadAddress(request, reply),
    schemaController: { compilersFactory: { buildValidator } },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, allErrors: false }, onCreate: holdToInstants },
  })
  const sessions = new Sessions(deps)
  const users = new UserNames(deps.accounts, deps.clock)
  const masking = new Masking(deps)
  const hub = new Hub(deps, users, masking, (tokenHash) => sessions.lives(tokenHash))
  const tokens = new Tokens(deps)
  const server: Server = { deps, sessions, tokens, hub, users, masking, sealing: new Sealing(deps.sealingSecret) }
  const auditing = new Auditing(deps)
  const measured = metrics(deps, hub, sessions, auditing)
  const checkHost = hostGuard(deps.hosts)
  await app.register(cookie)
  app.addHook('onRequest', async (request, reply) => {
    secure(request, reply)
    checkHost(request)
  })
  app.addHook('onResponse', async (request, reply) => {
    measured.request(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000)
  })
  app.setErrorHandler(async (error, request, reply) => {
    // Who goes away while he sends a file is told nothing, and is no fault of ours.
    const refusal = refusalOf(error) ?? (error === request.raw.errored ? refused('request.http') : null)
    if (refusal !== null) {
      await auditing.refused(auditing.draftOf(request), refusal.code)
      const { refusedTo } = request.routeOptions.config as { refusedTo?: Route['refusedTo'] }
      return refusedTo === undefined ? sendProblem(reply, refusal) : reply.redirect(refusedTo(refusal.code), 303)
    }
    const { url } = request.routeOptions
    deps.log('error', 'a request failed', {
      method: request.method,
      route: url ?? 'none',
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
    return sendProblem(reply, refused('server.failed'))
  })
  const mounting: Mounting = {
    server,
    idempotency: new Idempotency(deps.clock, { doneBefore: deps.doneBefore, keys: deps.accounts }),
    auditing,
  }
  takeJson(app)
  takeFiles(app, routes)
  const isStreamed = (route: Route) => route.raw?.streamed === true
  for (const route of routes) if (!isStreamed(route)) mount(app, mounting, route)
  mountStreamed(app, mounting, routes.filter(isStreamed))
  mountOpen(app, server, measured)
  if (deps.phoneWay !== null) mountPhones(app, server, deps.phoneWay)
  await mountWeb(app, deps.webFolder)
  await app.ready()
  return {
    app,
    atDesk: (agentId) => hub.atDesk(agentId),
    listen: ({ host, port }) => app.listen({ host, port }),
    async close() {
      hub.close()
      await app.close()
      await auditing.close()
    },
  }
}
