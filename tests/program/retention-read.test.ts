/** Retention while the program runs: the snapshot behind which calls may leave waits until the archive has read all that was written. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openSqliteJournal } from '#adapters/sqlite/journal.ts'
import { Projector } from '#app/projector/projector.ts'
import { snapshotWhenRead } from '#app/retaining.ts'
import type { EnginePort } from '#ports/engine.ts'
import type { Snapshot } from '#ports/journal.ts'
import { keep, playedOf } from './kept.support.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'samtal-read-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const READ = 100

test('what the archive has not read yet is in no snapshot that lets it leave', async () => {
  const { played, text } = await playedOf('campaign-two-with-the-same-agents')
  const last = played.facts.length
  keep(folder, { played: { ...played, facts: played.facts.slice(0, READ) }, text })
  const journal = openSqliteJournal({ folder })
  const { snapshot: from } = await journal.open()
  const kept: Snapshot[] = []
  const projector = new Projector(folder, () => undefined, { from, every: 50_000, save: async (snapshot) => void kept.push(snapshot) })
  try {
    projector.upTo(READ)
    await projector.snapshotNow()
    expect(kept.map(({ position }) => position)).toEqual([READ])
    await journal.append(READ, { facts: played.facts.slice(READ) })
    const engine = { figures: () => ({ position: last }) as ReturnType<EnginePort['figures']> }
    const asked = snapshotWhenRead({ engine, projector })()
    projector.upTo(last)
    await asked
    expect(kept.map(({ position }) => position)).toEqual([READ, last])
    expect(projector.position).toBe(last)
  } finally {
    await projector.close()
    await journal.close()
  }
})
