/** ID tokens that are not to be believed, from a provider made to give any: none of them signs anybody in. OpenID Connect Core 1.0, 3.1.3.7 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openIdProvider } from '#adapters/oidc/oidc.ts'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const CLIENT = 'samtal'
const HOME = 'https://samtal.example/back'

interface Told {
  readonly header?: object
  readonly claims?: object
  readonly key?: KeyObject | null
}

let issuer = ''
let said: { readonly issuer?: string; readonly idToken: string } = { idToken: '' }
const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const server = createServer((request, response) => {
  const json = (body: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  if (request.url === '/jwks')
    return void json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] })
  if (request.url === '/token') return void json({ access_token: 'a', token_type: 'Bearer', id_token: said.idToken })
  json({
    issuer: said.issuer ?? issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
  })
})
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  issuer = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** A sign-in in which the provider gives this token; the subject, or what it was refused with. */
async function signIn({ header = {}, claims = {}, key = privateKey }: Told): Promise<string> {
  const provider = openIdProvider({ issuer, clientId: CLIENT, clientSecret: 's', name: 'P', scopes: 'openid', acr: null }, Date.now)
  const { url, kept } = await provider.begin(HOME)
  const { searchParams } = new URL(url)
  const now = Math.floor(Date.now() / 1000)
  const nonce = searchParams.get('nonce')
  const body = { iss: issuer, sub: '17', aud: CLIENT, iat: now, exp: now + 60, nonce, ...claims }
  const signed = `${base64({ alg: 'RS256', kid: 'one', ...header })}.${base64(body)}`
  said = { idToken: `${signed}.${key === null ? '' : sign('sha256', Buffer.from(signed), key).toString('base64url')}` }
  const back = `${HOME}?code=c&state=${searchParams.get('state')}`
  return provider.finish(back, kept).then(
    ({ subject }) => subject,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}

test('a good one signs in', async () => expect(await signIn({})).toBe(`${issuer}|17`))

const past = Math.floor(Date.now() / 1000) - 3_600
test.each<[string, Told]>([
  ['of another key', { key: other.privateKey }],
  ['unsigned', { header: { alg: 'none' }, key: null }],
  ['whose signature is missing', { key: null }],
  ['signed by our own secret', { header: { alg: 'HS256' } }],
  ['that brings its own key', { header: { jwk: other.publicKey.export({ format: 'jwk' }), kid: 'two' }, key: other.privateKey }],
  ['for somebody else', { claims: { aud: 'another' } }],
  ['of another issuer', { claims: { iss: 'https://evil.example' } }],
  ['that has ended', { claims: { exp: past } }],
  ['with another nonce', { claims: { nonce: 'x' } }],
  ['without a subject', { claims: { sub: undefined } }],
])('one %s does not', async (_, told) => expect(await signIn(told)).toBe('oidc.answer'))

test('a provider that says it is another is not asked', async () => {
  said = { issuer: 'https://evil.example', idToken: '' }
  const provider = openIdProvider({ issuer, clientId: CLIENT, clientSecret: 's', name: 'P', scopes: 'openid', acr: null }, Date.now)
  await expect(provider.begin(HOME)).rejects.toMatchObject({ port: 'identity' })
})
