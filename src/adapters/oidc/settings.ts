/** What the environment says of a provider, apart from the library that talks with it: that is read in where there is one. */

export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  /** null: a public client, held by PKCE alone. */
  readonly clientSecret: string | null
  readonly name: string
  readonly scopes: string
  /** How strongly people must have signed in there (`acr`); null: as the provider thinks fit. */
  readonly acr: string | null
}

/** Encrypted, or on this very machine. */
export const isSafeIssuer = (issuer: string): boolean => {
  if (!URL.canParse(issuer)) return false
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
}
