/** What the environment says of a provider of sign-ins, checked at the start. */
import { readFileSync } from 'node:fs'
import { isSafeIssuer, type OidcSettings } from '#adapters/oidc/settings.ts'
import type { IdentityRules } from '#ports/identity.ts'
import { ROLES } from '#wire/session.ts'
import { Failure } from './failure.ts'

export interface OidcConfig {
  readonly settings: OidcSettings
  readonly rules: IdentityRules
}

type Env = Readonly<Record<string, string | undefined>>

function secretOf(env: Env, value: (name: string) => string | undefined): string | null {
  const file = value('OIDC_CLIENT_SECRET_FILE')
  if (file === undefined) return value('OIDC_CLIENT_SECRET') ?? null
  if (env['OIDC_CLIENT_SECRET']) throw new Failure('OIDC_CLIENT_SECRET and OIDC_CLIENT_SECRET_FILE are both set: unset one')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Failure(`OIDC_CLIENT_SECRET_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** `leads=supervisor,staff=agent`, in the order that counts. */
function rolesOf(text: string | undefined): IdentityRules['roles'] {
  return (text ?? '').split(',').flatMap((part) => {
    if (part.trim() === '') return []
    const at = part.lastIndexOf('=')
    const [group, word] = [part.slice(0, at).trim(), part.slice(at + 1).trim()]
    const role = ROLES.find((one) => one === word)
    if (at < 1 || group === '' || role === undefined)
      throw new Failure(`OIDC_ROLES is like leads=supervisor,staff=agent, with a role of ${ROLES.join(', ')}: not ${part.trim()}`)
    return [{ group, role }]
  })
}

/** null where there is none. Throws `Failure` with one line for what is wrong. */
export function readOidc(env: Env): OidcConfig | null {
  const value = (name: string): string | undefined => (env[name] === '' ? undefined : env[name])
  const issuer = value('OIDC_ISSUER')
  const other = Object.keys(env).find((name) => name.startsWith('OIDC_') && value(name) !== undefined)
  if (issuer === undefined) {
    if (other === undefined) return null
    throw new Failure(`${other} is set and OIDC_ISSUER is not: which provider?`)
  }
  if (!isSafeIssuer(issuer)) throw new Failure('OIDC_ISSUER should be like https://id.example.org; http only on this machine')
  const clientId = value('OIDC_CLIENT_ID')
  if (clientId === undefined) throw new Failure('OIDC_ISSUER needs OIDC_CLIENT_ID: how is Samtal known there?')
  const roles = rolesOf(value('OIDC_ROLES'))
  const createsUsers = value('OIDC_CREATE_USERS') === 'on'
  if (createsUsers && roles.length === 0) throw new Failure('OIDC_CREATE_USERS=on needs OIDC_ROLES: which role is a new account given?')
  const name = value('OIDC_NAME') ?? new URL(issuer).host
  const scopes = value('OIDC_SCOPES') ?? 'openid profile email'
  const roleClaim = roles.length === 0 ? null : (value('OIDC_ROLE_CLAIM') ?? 'groups')
  return {
    settings: { issuer, clientId, clientSecret: secretOf(env, value), name, scopes, acr: value('OIDC_ACR') ?? null },
    rules: { userClaim: value('OIDC_USER_CLAIM') ?? 'preferred_username', roleClaim, roles, createsUsers },
  }
}
