/**
 * OpenID Connect: authorization code flow with PKCE (RFC 7636), state and nonce; what comes back is checked by the library against the
 * provider's own keys (OpenID Connect Core 1.0, 3.1). What a try needs is kept in the browser that began it, and nowhere else.
 */
import * as oidc from 'openid-client'
import { PortError } from '#ports/errors.ts'
import { type Identity, type IdentityProvider, IdentityRefused } from '#ports/identity.ts'
import type { OidcSettings } from './settings.ts'

const TIMEOUT_SECONDS = 10
/** What the provider says of itself is asked anew after this. */
const KEPT_MS = 24 * 3_600_000

interface Kept {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly returnTo: string
}

const packed = (kept: Kept): string => Buffer.from(JSON.stringify(kept)).toString('base64url')
function unpacked(text: string): Kept {
  try {
    const kept: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    const has = (name: keyof Kept): boolean => typeof Reflect.get(Object(kept), name) === 'string'
    if (has('state') && has('nonce') && has('verifier') && has('returnTo')) return kept as Kept
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new IdentityRefused('oidc.state')
}

const unreachable = (operation: string, error: unknown): PortError =>
  new PortError('identity', operation, { message: error instanceof Error ? error.message : String(error), retry: true, cause: error })

/** The library's own errors, as refusals: what the provider said no to, and what is not to be believed. */
function refusalOf(error: unknown): IdentityRefused | PortError {
  if (error instanceof oidc.AuthorizationResponseError) return new IdentityRefused('oidc.denied', error)
  if (error instanceof oidc.ResponseBodyError || error instanceof oidc.ClientError) {
    const { cause } = error
    const wentAway = error instanceof oidc.ClientError && (error.code === 'OAUTH_TIMEOUT' || cause instanceof TypeError)
    return wentAway ? unreachable('finish', error) : new IdentityRefused('oidc.answer', error)
  }
  return unreachable('finish', error)
}

export function openIdProvider(settings: OidcSettings, now: () => number): IdentityProvider {
  let known: { readonly at: number; readonly configuration: Promise<oidc.Configuration> } | null = null
  const configuration = (): Promise<oidc.Configuration> => {
    if (known !== null && now() - known.at < KEPT_MS) return known.configuration
    const { issuer, clientId, clientSecret } = settings
    // In this flow the library leaves an ID token's signature to TLS unless it is asked to verify it.
    const execute = [oidc.enableNonRepudiationChecks, ...(new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : [])]
    const auth = clientSecret === null ? oidc.None() : undefined
    const found = oidc.discovery(new URL(issuer), clientId, clientSecret ?? undefined, auth, { execute, timeout: TIMEOUT_SECONDS })
    known = { at: now(), configuration: found }
    // What failed is asked again the next time.
    found.catch(() => {
      known = null
    })
    return found
  }

  async function claimsOf(config: oidc.Configuration, kept: Kept, address: string): Promise<Identity> {
    const checks = { pkceCodeVerifier: kept.verifier, expectedState: kept.state, expectedNonce: kept.nonce, idTokenExpected: true }
    const tokens = await oidc.authorizationCodeGrant(config, new URL(address), checks)
    const claims = tokens.claims()
    if (claims === undefined) throw new IdentityRefused('oidc.answer')
    if (settings.acr !== null && claims.acr !== settings.acr) throw new IdentityRefused('oidc.strength')
    const asks = config.serverMetadata().userinfo_endpoint !== undefined
    const more = asks ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub) : {}
    return { subject: `${claims.iss}|${claims.sub}`, claims: { ...more, ...claims } }
  }

  return {
    name: settings.name,
    async begin(returnTo) {
      const config = await configuration().catch((error: unknown) => Promise.reject(unreachable('begin', error)))
      const kept = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier(), returnTo }
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: returnTo,
        scope: settings.scopes,
        state: kept.state,
        nonce: kept.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(kept.verifier),
        code_challenge_method: 'S256',
        ...(settings.acr !== null && { acr_values: settings.acr }),
      })
      return { url: url.href, kept: packed(kept) }
    },
    async finish(address, text) {
      const kept = unpacked(text)
      const { searchParams } = new URL(address)
      if (searchParams.get('state') !== kept.state) throw new IdentityRefused('oidc.state')
      const config = await configuration().catch((error: unknown) => Promise.reject(unreachable('finish', error)))
      try {
        return await claimsOf(config, kept, `${kept.returnTo}?${searchParams}`)
      } catch (error) {
        throw error instanceof IdentityRefused ? error : refusalOf(error)
      }
    },
    async signOutUrl(returnTo) {
      try {
        const config = await configuration()
        if (config.serverMetadata().end_session_endpoint === undefined) return null
        return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: returnTo, client_id: settings.clientId }).href
      } catch (error) {
        if (error instanceof Error) return null
        throw error
      }
    },
  }
}
