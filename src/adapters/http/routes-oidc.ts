/** Signing in with a provider: the browser is led there, and comes back. */
import type { FastifyRequest } from 'fastify'
import type { SignInProvider } from '#ports/identity.ts'
import { OidcReturn, SignInProvider as ProviderSchema } from '#wire/session.ts'
import { cookieOf, giveCookie, takeCookie } from './cookies.ts'
import { accountFor, asRefusal } from './identity.ts'
import { refused } from './problems.ts'
import { openRoute, type Route, type Server } from './route.ts'

const START = '/session/oidc/start'
const RETURN = '/session/oidc/return'
/** Time to sign in at the provider. */
const TRY_SECONDS = 600

/** Our own address, as the browser has it: its Host is one of ours, or the request would not be here. */
export const ownAddress = (request: FastifyRequest): string => `${request.protocol}://${request.headers.host ?? ''}`
const returnAddress = (request: FastifyRequest): string => `${ownAddress(request)}/api/v1${RETURN}`

/** The sign-in page, which says why by the code. */
const refusedTo = (code: string): string => `/?refused=${encodeURIComponent(code)}`

function providerOf({ deps }: Server): SignInProvider {
  if (deps.signInProvider === null) throw refused('oidc.none')
  return deps.signInProvider
}

export const oidcRoutes: readonly Route[] = [
  openRoute({
    method: 'GET',
    path: '/session/oidc',
    summary: 'The provider one may sign in with, and where; null where there is none',
    audit: { nothing: 'the name of the provider, for the sign-in page' },
    answer: { status: 200, schema: ProviderSchema },
    refuses: [],
    handle: async ({ deps }) => ({
      provider: deps.signInProvider === null ? null : { name: deps.signInProvider.provider.name, url: `/api/v1${START}` },
    }),
  }),
  openRoute({
    method: 'GET',
    path: START,
    summary: 'Leads a browser to the provider',
    audit: { nothing: 'nobody is signed in yet' },
    refusedTo,
    answer: { status: 303 },
    refuses: ['oidc.none', 'oidc.unavailable'],
    handle: async (asked) => {
      const { request, reply } = asked
      const { url, kept } = await providerOf(asked).provider.begin(returnAddress(request))
      giveCookie(request, reply, 'samtal-oidc', kept, { maxAge: TRY_SECONDS, lax: true })
      return reply.header('cache-control', 'no-store').redirect(url, 303)
    },
  }),
  openRoute({
    method: 'GET',
    path: RETURN,
    summary: 'Where the provider leads the browser back to: signs in, and shows the first page, or the sign-in page with why not',
    audit: { what: 'session.started', as: 'work' },
    refusedTo,
    query: OidcReturn,
    answer: { status: 303 },
    refuses: [
      'oidc.none',
      'oidc.unavailable',
      'oidc.state',
      'oidc.denied',
      'oidc.answer',
      'oidc.strength',
      'oidc.noUser',
      'oidc.noRole',
      'oidc.otherUser',
    ],
    handle: async (asked) => {
      const { deps, sessions, request, reply, note } = asked
      const provider = providerOf(asked)
      const kept = cookieOf(request, 'samtal-oidc')
      takeCookie(request, reply, 'samtal-oidc')
      if (kept === null) throw refused('oidc.state')
      const identity = await provider.provider.finish(`${ownAddress(request)}${request.url}`, kept).catch((error: unknown) => {
        throw asRefusal(error)
      })
      const tried = (name: string) => note({ on: [{ kind: 'user', id: name }] })
      const { user, created } = await accountFor(deps, provider, identity, tried)
      await sessions.start(user, request, reply)
      note({ user, details: { provider: provider.provider.name, created } })
      // Another site led here, so the new cookie is not sent along with this very redirect: the page asks for it itself.
      return reply.header('cache-control', 'no-store').redirect('/', 303)
    },
  }),
]
