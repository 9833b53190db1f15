/** A real provider of sign-ins in this process, and a browser with cookies that is led there and back. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Provider } from 'oidc-provider'

export interface Person {
  readonly sub: string
  readonly claims: Readonly<Record<string, unknown>>
}

export interface TestProvider {
  readonly issuer: string
  /** Who signs in there next; null: he says no. */
  person: Person | null
  close(): Promise<void>
}

export const CLIENT = { id: 'samtal', secret: 'a secret of the client' }

/** The page where people sign in there: it signs in whoever is set, at once. */
async function interaction(provider: Provider, person: Person | null, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const denied = { error: 'access_denied', error_description: 'no' }
  const { prompt } = await provider.interactionDetails(request, response)
  const result = person === null ? denied : prompt.name === 'login' ? { login: { accountId: person.sub, acr: 'strong' } } : {}
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
}

/** `returnTo`: where it may lead browsers back. */
export async function startProvider(returnTo: string): Promise<TestProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const issuer = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [returnTo],
        post_logout_redirect_uris: [new URL('/', returnTo).href],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub', 'acr'], profile: ['preferred_username', 'name', 'groups'], email: ['email', 'email_verified'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    cookies: { keys: ['one key of the test'] },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => {
      const { claims = {} } = test.person ?? {}
      return { accountId: sub, claims: async () => ({ sub, ...claims }) }
    },
    // Whoever signs in consents to what is asked: consent is not what is tested.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({ clientId: CLIENT.id, accountId: oidc.session?.accountId ?? '' })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  })
  const callback = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return void callback(request, response)
    interaction(provider, test.person, request, response).catch((error: unknown) => {
      response.statusCode = 500
      response.end(String(error))
    })
  })
  const test: TestProvider = {
    issuer,
    person: null,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return test
}

/** Follows redirects as a browser does, each host with its own cookies. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()

  cookie(url: string, name: string): string | undefined {
    return this.#cookies.get(new URL(url).origin)?.get(name)
  }

  take(url: string, name: string, value: string): void {
    this.#jar(url).set(name, value)
  }

  #jar(url: string): Map<string, string> {
    const { origin } = new URL(url)
    const jar = this.#cookies.get(origin) ?? new Map<string, string>()
    this.#cookies.set(origin, jar)
    return jar
  }

  async once(url: string): Promise<Response> {
    const jar = this.#jar(url)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html', cookie } })
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      const at = pair.indexOf('=')
      const gone = /expires=Thu, 01 Jan 1970/i.test(set)
      if (gone) jar.delete(pair.slice(0, at))
      else jar.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return answer
  }

  /** Where it ends; `stopAt`: goes no further than an address that begins so. */
  async go(from: string, stopAt?: string): Promise<string> {
    let url = from
    for (let step = 0; step < 15; step++) {
      if (stopAt !== undefined && url.startsWith(stopAt)) return url
      const answer = await this.once(url)
      const next = answer.headers.get('location')
      if (answer.status < 300 || answer.status >= 400 || next === null) return url
      url = new URL(next, url).href
    }
    throw new Error(`led in a circle, at ${url}`)
  }
}
