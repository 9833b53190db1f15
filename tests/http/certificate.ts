/** Certificates for servers of tests, each its own authority: Node makes keys and no certificates. RFC 5280, 4.1, in DER (X.690). */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** Text as TLS takes it (PEM). */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

const DAY_MS = 86_400_000
const TAG = { integer: 0x02, bits: 0x03, octets: 0x04, name: 0x06, text: 0x0c, time: 0x17, sequence: 0x30, set: 0x31 } as const
/** Object identifiers, as they are written. */
const OID = {
  /** 1.2.840.10045.4.3.2 */
  ecdsaWithSha256: '2a8648ce3d040302',
  /** 2.5.4.3 */
  commonName: '550403',
  /** 2.5.29.17 */
  alternativeNames: '551d11',
} as const

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), content])
  const size = length < 256 ? [length] : [length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length, ...size]), content])
}
const oid = (hex: string): Buffer => der(TAG.name, Buffer.from(hex, 'hex'))
const time = (at: number): Buffer => der(TAG.time, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))

/** A host's name, or its address. */
const alternative = (host: string): Buffer =>
  isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host))

/** For these names and addresses, from an hour ago until tomorrow. Whoever trusts it trusts the server that shows it. */
export function certificateFor(...hosts: readonly string[]): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signedBy = der(TAG.sequence, oid(OID.ecdsaWithSha256))
  const whose = der(TAG.sequence, der(TAG.set, der(TAG.sequence, oid(OID.commonName), der(TAG.text, Buffer.from(hosts[0] ?? '')))))
  const names = der(TAG.octets, der(TAG.sequence, ...hosts.map(alternative)))
  const content = der(
    TAG.sequence,
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.from([1]), randomBytes(8)),
    signedBy,
    whose,
    der(TAG.sequence, time(Date.now() - DAY_MS / 24), time(Date.now() + DAY_MS)),
    whose,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(TAG.sequence, der(TAG.sequence, oid(OID.alternativeNames), names))),
  )
  const whole = der(TAG.sequence, content, signedBy, der(TAG.bits, Buffer.from([0]), sign('sha256', content, privateKey)))
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  }
}
