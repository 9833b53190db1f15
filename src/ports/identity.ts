/** Signing in with a provider that knows people already (OpenID Connect): the organisation's own accounts, with whatever it asks of them. */

/** Who somebody is to the provider. `subject`: issuer and the issuer's id of him, which never changes. */
export interface Identity {
  readonly subject: string
  /** What the provider says of him: name, e-mail, groups. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** The provider's answer is not to be believed, or says no: why, as a refusal's code. */
export type IdentityFault = 'oidc.state' | 'oidc.denied' | 'oidc.answer' | 'oidc.strength'
export class IdentityRefused extends Error {
  override readonly name = 'IdentityRefused'
  readonly code: IdentityFault
  constructor(code: IdentityFault, cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}

export interface IdentityProvider {
  /** As people read it on the sign-in page. */
  readonly name: string
  /**
   * Where the browser is led, and what must be kept in it until it comes back to `returnTo`: a secret of this one try. Rejects with
   * `PortError` where the provider cannot be reached.
   */
  begin(returnTo: string): Promise<{ readonly url: string; readonly kept: string }>
  /** The browser has come back to `address`, with what was kept. Rejects with `IdentityRefused` or `PortError`. */
  finish(address: string, kept: string): Promise<Identity>
  /** Where a browser signs out of the provider too; null: it has no such page, or cannot be reached. */
  signOutUrl(returnTo: string): Promise<string | null>
}

/** How what a provider says becomes an account. */
export interface IdentityRules {
  /** The claim that is the account's name, for the first sign-in; afterwards it is known by its subject. */
  readonly userClaim: string
  /** The claim that holds the groups roles are given by; null: roles are as they are here. */
  readonly roleClaim: string | null
  /** Which role a group gives; where several do, the first of this list. */
  readonly roles: readonly { readonly group: string; readonly role: 'agent' | 'supervisor' | 'campaignManager' | 'administrator' }[]
  /** Whether an account is made for who has none. */
  readonly createsUsers: boolean
}

/** A provider, and how what it says is read. */
export interface SignInProvider {
  readonly provider: IdentityProvider
  readonly rules: IdentityRules
}
