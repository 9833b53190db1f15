/** A data folder with what the played calls of a scenario leave behind: facts, persons, notes, snapshots, an archive. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { JournalFile } from '#adapters/sqlite/journal-file.ts'
import { openJournalFile } from '#adapters/sqlite/journal-salvage.ts'
import { playScenario, readScenario } from '#app/play.ts'
import { rebuildArchive } from '#app/rebuilding.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import { Shadow } from '#engine/restore.ts'
import type { Played } from '#sim/player.ts'
import { project } from './samtal.ts'

const FACTS_PER_BATCH = 7
export const ERASED = '+46701740688'

export const playedOf = async (scenario: string): Promise<{ readonly played: Played; readonly text: string }> => {
  const text = readFileSync(path.join(project, 'scenarios', `${scenario}.json`), 'utf8')
  const read = readScenario(text)
  if ('errors' in read) throw new Error(JSON.stringify(read.errors))
  return { played: await playScenario(read, () => undefined), text: solutionIn(text) }
}

/** A scenario's agents stand beside its settings. */
const solutionIn = (text: string): string => {
  const { settings, agents } = JSON.parse(text)
  return JSON.stringify({
    name: 'Played',
    // So that a test of other things is the same in years to come.
    retention: { callsMonths: 120, contactsOfEndedCampaignMonths: 120, auditMonths: 120 },
    ...settings,
    agents: { ...Object.fromEntries(Object.keys(agents).map((id) => [id, {}])), ...settings.agents },
  })
}

const idsIn = (facts: readonly Recorded[], name: string): readonly string[] => [
  ...new Set([...JSON.stringify(facts).matchAll(new RegExp(`"${name}":"([^"]+)"`, 'gu'))].map(([, id = '']) => id)),
]
const linesOf = (facts: readonly Recorded[]): string =>
  facts.map(({ at, fact }) => `${at}\t${callOf(fact) ?? ''}\t${fact.type}\t${JSON.stringify(fact)}\n`).join('')

/** Snapshots stand at half and at three quarters of the facts. */
export function keep(folder: string, { played, text }: { readonly played: Played; readonly text: string }): void {
  const { facts } = played
  mkdirSync(folder, { recursive: true })
  openJournalFile(folder).file.close()
  const file = new JournalFile(folder)
  file.startAt(0)
  const persons = idsIn(facts, 'personId').map((personId, index) => ({
    ...{ personId, kind: 'person' as const, number: played.numberOf(personId), ...(index % 2 === 0 ? { name: `Name ${index}` } : {}) },
  }))
  const notes = [
    { noteId: 'gone', text: 'what was noted of somebody' },
    { noteId: 'kept', text: 'ask for Maria' },
  ]
  const version = idsIn(facts, 'version')[0] ?? ''
  const done = { key: 'k1', body: 'b1', at: 1, answer: '{"ok":true}' }
  const gone = { personId: 'gone', kind: 'person' as const, number: ERASED, name: null }
  const rest = { persons: [...persons, gone], notes, solutions: [{ version, text }], done: [done, { ...done, key: 'k2' }] }
  const world = new Shadow(null)
  for (let first = 0; first < facts.length; first += FACTS_PER_BATCH) {
    const batch = facts.slice(first, first + FACTS_PER_BATCH)
    file.transaction(() => file.write({ expected: first, lines: linesOf(batch), ...(first === 0 ? rest : {}) }))
    const before = world.position()
    world.apply(batch)
    const passes = [0.5, 0.75].some((share) => before < facts.length * share && world.position() >= facts.length * share)
    if (passes) file.saveSnapshot(world.save())
  }
  file.erasures.list(ERASED, 1_795_000_000_000)
  file.erasures.erase(
    ['gone'],
    notes.slice(0, 1).map(({ noteId }) => noteId),
  )
  file.close()
  writeFileSync(path.join(folder, 'solution.version'), `${version}\n`)
  rebuildArchive({ folder, into: folder })
}
