/** A list of contacts into a campaign, over the address the running process answers at: as a page does it, or a program. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type CampaignImport, CONTACT_FIELDS, type ImportLook } from '#wire/contacts.ts'
import type { Problem } from '#wire/session.ts'
import type { Command, Given, Output } from '../command.ts'
import { Failure } from '../failure.ts'
import { failedAt } from '../folders.ts'

/** By which the headings are told. */
const LOOK_BYTES = 64 * 1024
const MEGABYTE = 1_000_000

type Field = (typeof CONTACT_FIELDS)[number]

interface Server {
  readonly url: string
  readonly token: string
}

interface Body {
  readonly bytes: Uint8Array | Readable
}

function serverOf(given: Given): Server {
  const token = process.env['SAMTAL_TOKEN'] ?? ''
  if (token === '') throw new Failure('which token? set SAMTAL_TOKEN to one that may import contacts', { exitCode: 2 })
  const url = given.text('url') ?? process.env['SAMTAL_URL'] ?? 'http://127.0.0.1:4080'
  if (!URL.canParse(url)) throw new Failure('--url is an address, as http://127.0.0.1:4080', { exitCode: 2 })
  return { url: url.replace(/\/$/u, ''), token }
}

/** Throws `Failure` with the server's own sentence where it refuses. */
async function ask({ url, token }: Server, method: 'GET' | 'POST', address: string, body?: Body): Promise<Response> {
  const sent = body === undefined ? {} : { body: body.bytes as NonNullable<RequestInit['body']>, duplex: 'half' as const }
  const headers = { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'text/csv' }) }
  const answer = await fetch(`${url}/api/v1${address}`, { method, headers, ...sent }).catch((error: unknown) => {
    const { cause } = error instanceof Error ? error : { cause: error }
    throw new Failure(`${url} cannot be asked: ${cause instanceof Error ? cause.message : String(error)}`)
  })
  if (answer.ok) return answer
  const problem = (await answer.json().catch(() => null)) as Partial<Problem> | null
  const field = problem?.field === undefined ? '' : ` (${problem.field})`
  throw new Failure(`${problem?.detail ?? `${url} answers ${answer.status}`}${field}`)
}

function mappedBy(given: Given): Partial<Record<Field, string>> {
  const mapping: Partial<Record<Field, string>> = {}
  for (const text of given.all('map')) {
    const place = text.lastIndexOf('=')
    const field = CONTACT_FIELDS.find((one) => one === text.slice(place + 1))
    if (place < 1 || field === undefined)
      throw new Failure(`--map is COLUMN=NAME, with NAME one of ${CONTACT_FIELDS.join(', ')}`, { exitCode: 2 })
    if (mapping[field] !== undefined) throw new Failure(`two columns are mapped as ${field}`, { exitCode: 2 })
    mapping[field] = text.slice(0, place)
  }
  return mapping
}

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOK_BYTES), 0, LOOK_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

interface Asked {
  readonly server: Server
  readonly campaign: string
  readonly file: string
  readonly given: Given
  readonly output: Output
}

/** How the file is to be read: what was said of its columns goes before what is remembered of them, or their headings say. */
async function queryOf({ server, campaign, file, given }: Asked): Promise<URLSearchParams> {
  const query = new URLSearchParams({ fileName: path.basename(file), how: given.flag('replace') ? 'replace' : 'add' })
  const format = new URLSearchParams()
  for (const name of ['encoding', 'delimiter'] as const) {
    const text = given.text(name)
    if (text !== undefined) format.set(name, text)
  }
  for (const [name, text] of format) query.set(name, text)
  const [said, skipped] = [mappedBy(given), given.all('skip')]
  query.set('sha256', await hashOf(file))
  const looked = await ask(server, 'POST', `/campaigns/${encodeURIComponent(campaign)}/imports/look?${format}`, {
    bytes: await headOf(file),
  })
  const { mapping } = (await looked.json()) as ImportLook
  const spoken = new Set([...Object.values(said), ...skipped])
  for (const field of CONTACT_FIELDS) {
    const guess = mapping[field]
    const heading = said[field] ?? (guess === undefined || spoken.has(guess) ? undefined : guess)
    if (heading !== undefined) query.set(field, heading)
  }
  const skip = [...skipped, ...(mapping.skip ?? []).filter((heading) => !spoken.has(heading))]
  if (skip.length > 0) query.set('skip', JSON.stringify(skip))
  return query
}

async function sent(asked: Asked, bytes: number): Promise<CampaignImport> {
  const { server, campaign, file, output } = asked
  const query = await queryOf(asked)
  const stream = createReadStream(file)
  let gone = 0
  if (output.terminal)
    stream.on('data', (piece) => {
      gone += piece.length
      const share = Math.floor((100 * gone) / Math.max(1, bytes))
      output.err(`\r${(gone / MEGABYTE).toFixed(1)} of ${(bytes / MEGABYTE).toFixed(1)} MB, ${share} %`)
    })
  try {
    const answer = await ask(server, 'POST', `/campaigns/${encodeURIComponent(campaign)}/imports?${query}`, { bytes: stream })
    return (await answer.json()) as CampaignImport
  } finally {
    stream.destroy()
    if (output.terminal) output.err('\n')
  }
}

function told({ counts }: CampaignImport): string {
  const parts = [
    `${counts.added} new`,
    `${counts.invalid} invalid`,
    `${counts.duplicateInFile} twice in the file`,
    `${counts.duplicateInList} in the list already`,
    `${counts.doNotCall} not to be called`,
  ]
  return `${counts.rows} rows: ${parts.join(', ')}`
}

function isYes(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  return new Promise((resolve) => {
    reader.question(question, (answer) => {
      resolve(/^(?:y|yes|j|ja)$/iu.test(answer.trim()))
      reader.close()
    })
    reader.once('close', () => resolve(false))
  })
}

async function carriedOut(asked: Asked): Promise<0 | 1> {
  const { server, campaign, file, given, output } = asked
  const { size } = await stat(file).catch((error: unknown) => {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  const read = await sent(asked, size)
  const address = `/campaigns/${encodeURIComponent(campaign)}/imports/${encodeURIComponent(read.id)}`
  const faults = given.text('faults')
  if (faults !== undefined) {
    const { body } = await ask(server, 'GET', `${address}/faults`)
    await pipeline(body === null ? Readable.from([]) : Readable.fromWeb(body), createWriteStream(faults)).catch((error: unknown) => {
      throw failedAt(`${faults} cannot be written`, error)
    })
  }
  const say = (row: CampaignImport, sentence: string): void =>
    output.out(given.flag('json') ? `${JSON.stringify({ ok: true, ...row })}\n` : `${sentence} ${told(row)}\n`)
  if (read.state === 'confirmed') {
    say(read, 'Imported before, and nothing changed.')
    return 0
  }
  const question = `${told(read)}\nPut ${read.counts.added} contacts into ${campaign}? [y/N] `
  if (given.flag('dry-run') || !(given.flag('yes') || (await isYes(question)))) {
    say(read, 'Nothing imported.')
    return given.flag('dry-run') ? 0 : 1
  }
  const confirmed = await ask(server, 'POST', `${address}/confirm`)
  say((await confirmed.json()) as CampaignImport, 'Imported.')
  return 0
}

export const run: Command['run'] = async (given, output) => {
  const [campaign = '', file = ''] = given.words
  const server = serverOf(given)
  mappedBy(given)
  if ((given.text('delimiter') ?? ',').length !== 1) throw new Failure('--delimiter is one character', { exitCode: 2 })
  if (!given.flag('yes') && !given.flag('dry-run') && process.stdin.isTTY !== true)
    throw new Failure('nobody is there to confirm it: say --yes, or --dry-run to see what would come of it', { exitCode: 2 })
  return carriedOut({ server, campaign, file, given, output })
}
