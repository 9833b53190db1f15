/** What a backup says of itself: `manifest.json`, written last and read first. Whatever does not fit it is refused whole. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { CONTACTS_FORMAT } from '#adapters/sqlite/contacts-schema.ts'
import { JOURNAL_FORMAT } from '#adapters/sqlite/journal-file.ts'
import { STORES } from '#adapters/sqlite/moment.ts'
import { Failure } from '../failure.ts'

export const MANIFEST = 'manifest.json'
const FORMAT = 1

/** Beside the databases, where there is one. The list of erasures is copied after the journal's moment: it may tell of more, never of less. */
export const SMALL = ['persons.key', 'erasures.list', 'solution.version', 'asterisk/samtal.json'] as const

const Part = Type.Object(
  // These names and no others: each is a place in the data folder that is written to.
  { name: Type.Enum([...STORES, ...SMALL]), bytes: Type.Integer(), sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
  { additionalProperties: false },
)
const Manifest = Type.Object(
  {
    format: Type.Literal(FORMAT),
    /** The version of the program that made it. */
    program: Type.String(),
    madeAt: Type.String(),
    solution: Type.Object({ id: Type.String(), version: Type.String() }, { additionalProperties: false }),
    /** Of the last fact, and its time. */
    position: Type.Integer(),
    at: Type.Integer(),
    schemas: Type.Object({ journal: Type.String(), contacts: Type.Integer() }, { additionalProperties: false }),
    parts: Type.Array(Part),
    /** Over all the rest. */
    sum: Type.String(),
  },
  { additionalProperties: false },
)
export type Manifest = Static<typeof Manifest>
export type Part = Static<typeof Part>
const manifestFile = Compile(Manifest)

export const SCHEMAS = { journal: JOURNAL_FORMAT, contacts: CONTACTS_FORMAT }

export const programVersion = (): string =>
  (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version

/** The solution's own name for good: drawn from the key of its persons, which it tells nobody. null: there is no key. */
export function solutionId(folder: string): string | null {
  const file = path.join(folder, 'persons.key')
  if (!existsSync(file)) return null
  return createHash('sha256').update('samtal solution\n').update(readFileSync(file)).digest('hex').slice(0, 24)
}

const sumOf = (rest: Omit<Manifest, 'sum'>): string => createHash('sha256').update(JSON.stringify(rest)).digest('hex')
/** Who makes it: this program, unless told otherwise. */
type Maker = Pick<Manifest, 'program' | 'schemas'>
export type Contents = Omit<Manifest, 'sum' | 'format' | keyof Maker>

export const manifestOf = (contents: Contents, maker: Partial<Maker> = {}): Manifest => {
  const told = { format: FORMAT, program: programVersion(), schemas: SCHEMAS, ...maker, ...contents } as const
  return { ...told, sum: sumOf(told) }
}

export async function partOf(folder: string, name: Part['name']): Promise<Part> {
  const file = path.join(folder, name)
  const hash = createHash('sha256')
  for await (const block of createReadStream(file)) hash.update(block as Buffer)
  return { name, bytes: statSync(file).size, sha256: hash.digest('hex') }
}

const numbersOf = (version: string): readonly number[] => version.split('.').map(Number)
const isNewer = (version: string, than: string): boolean => {
  const [theirs, ours] = [numbersOf(version), numbersOf(than)]
  const differs = theirs.findIndex((number, index) => number !== ours[index])
  return differs !== -1 && (theirs[differs] ?? 0) > (ours[differs] ?? 0)
}

const formatOf = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined)

/** Throws `Failure` with one sentence where it is no backup, or not one this program can restore. */
function readManifest(folder: string): Manifest {
  const file = path.join(folder, MANIFEST)
  if (!existsSync(file)) throw new Failure(`there is no backup in ${folder}: it has no ${MANIFEST}, which is written last`)
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Failure(`the backup is not whole: ${MANIFEST} cannot be read (${error instanceof Error ? error.message : String(error)})`)
  }
  const format = formatOf(value)
  if (typeof format === 'number' && format !== FORMAT)
    throw new Failure(`the backup is of format ${format}, and this program reads ${FORMAT}`)
  if (!manifestFile.Check(value)) throw new Failure(`the backup is not whole: ${MANIFEST} is not one of ours`)
  const { sum, ...rest } = value
  if (sumOf(rest) !== sum) throw new Failure(`the backup is not whole: ${MANIFEST} is not as it was written`)
  const { journal, contacts } = value.schemas
  if (isNewer(value.program, programVersion()) || journal !== SCHEMAS.journal || contacts !== SCHEMAS.contacts)
    throw new Failure(
      `the backup was made by version ${value.program}, which this one (${programVersion()}) does not read: install that one or a later`,
    )
  return value
}

/** The manifest of a backup every byte of which is as it was written. Throws `Failure` where one is not. */
export async function checkedManifest(folder: string): Promise<Manifest> {
  const manifest = readManifest(folder)
  for (const { name, bytes, sha256 } of manifest.parts) {
    const file = path.join(folder, name)
    const there = existsSync(file) ? statSync(file).size : null
    if (there === null) throw new Failure(`the backup is not whole: ${name} is missing`)
    if (there !== bytes) throw new Failure(`the backup is not whole: ${name} has ${there} bytes of ${bytes}`)
    if ((await partOf(folder, name)).sha256 !== sha256) throw new Failure(`the backup is not whole: ${name} is not as it was written`)
  }
  return manifest
}
