/** The file of campaigns' figures: what is told is added once, whatever happens between, and can be made anew from the facts. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forgetFigures, SqliteFigures } from '#adapters/sqlite/figures-file.ts'
import { NO_FIGURES } from '#core/campaign/figures.ts'
import { initial, save } from '#core/campaign/meter.ts'
import type { Recorded } from '#core/facts.ts'
import { Campaigning, contactOf, SECOND } from '#core/world/campaign.support.ts'
import { agentOf, NINE, queueOf, solutionOf } from '#core/world/stage.support.ts'
import { load, initial as nothing, save as saveWorld, type World } from '#core/world/world.ts'
import { Figuring } from './figuring.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'samtal-figures-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const DAY_MS = 86_400_000
const MIDNIGHT = NINE - (NINE % DAY_MS)
const solution = solutionOf([queueOf('support')], [agentOf('anna')])
const fails = (why: string): never => {
  throw new Error(why)
}

/** Three conversations of 60 s with 30 s of wrap-up and 10 s between. */
function facts(): readonly Recorded[] {
  const stage = new Campaigning({ wrapUpMs: 30 * SECOND }, solution)
  stage.logOn('anna')
  for (const id of ['1', '2', '3']) {
    stage.wait(10 * SECOND)
    stage.deals(contactOf(id))
    stage.answers(stage.contact(id))
    stage.answers(stage.phoneOf('anna'))
    stage.wait(60 * SECOND)
    stage.ends(stage.contact(id))
    stage.wait(30 * SECOND)
  }
  return stage.facts
}
const WHOLE = {
  talkMs: 180 * SECOND,
  wrapUpMs: 90 * SECOND,
  idleMs: 30 * SECOND,
  placed: 3,
  answered: 3,
  idles: 2,
  idlesMs: 20 * SECOND,
}

/** Opens the file, counts these facts on this world, and closes it. */
function counted(world: World, some: readonly Recorded[]): ReturnType<Figuring['changed']> {
  const store = new SqliteFigures(folder)
  const figuring = new Figuring(store, () => solution, fails)
  for (const recorded of some) figuring.take(world, recorded)
  figuring.save()
  const changed = figuring.changed(world)
  store.close()
  return changed
}

describe('figures in a file', () => {
  it('a thread that ends anywhere, and goes on from an older snapshot, counts every fact once', () => {
    const all = facts()
    for (const cut of [1, 9, 20, all.length - 3]) {
      forgetFigures(folder)
      const world = nothing()
      counted(world, all.slice(0, Math.floor(cut / 2)))
      const snapshot = saveWorld(world)
      counted(world, all.slice(Math.floor(cut / 2), cut))
      const again = load(snapshot) ?? nothing()
      const [[id, now] = ['none', null]] = counted(again, all.slice(again.position))
      expect([cut, id]).toEqual([cut, 'spring'])
      expect(now?.today).toMatchObject({ ...WHOLE, idleSeconds: { 10: 2 } })
      expect(now?.all.tries).toEqual([{ answered: 3, not: 0 }])
    }
  })

  it('what was not saved is counted again, and not twice', () => {
    const all = facts()
    const store = new SqliteFigures(folder)
    const lost = new Figuring(store, () => solution, fails)
    const world = nothing()
    for (const recorded of all) lost.take(world, recorded)
    store.close()
    const [[, now] = ['', null]] = counted(nothing(), all)
    expect(now?.today).toMatchObject(WHOLE)
  })

  it('tells a campaign that looks different, once, and one that is gone', () => {
    const stage = new Campaigning({}, solution)
    const store = new SqliteFigures(folder)
    const figuring = new Figuring(store, () => solution, fails)
    const world = nothing()
    const tell = () => {
      for (const recorded of stage.facts.slice(world.position)) figuring.take(world, recorded)
      figuring.save()
      return figuring.changed(world).map(([id, now]) => [id, now?.rates.idle])
    }
    expect(tell()).toEqual([['spring', 0]])
    expect(tell()).toEqual([])
    stage.logOn('anna')
    expect(tell()).toEqual([['spring', 1]])
    stage.ask({ type: 'campaign.stop', by: 'supervisor', campaignId: 'spring' })
    stage.ask({ type: 'campaign.remove', by: 'supervisor', campaignId: 'spring' })
    expect(tell()).toEqual([['spring', undefined]])
    store.close()
  })

  it('a solution that cannot be read leaves the world whole: nobody is counted, calls are', () => {
    const store = new SqliteFigures(folder)
    const figuring = new Figuring(store, () => null, fails)
    const world = nothing()
    for (const recorded of facts()) figuring.take(world, recorded)
    figuring.save()
    expect(store.figures('spring', 'day', MIDNIGHT)).toMatchObject({ talkMs: 0, idleMs: 0, placed: 3, answered: 3 })
    store.close()
  })

  it('keeps minutes for three days, hours and days for 400, and all of a campaign until it is removed', () => {
    const store = new SqliteFigures(folder)
    const row = (span: 'minute' | 'hour' | 'day' | 'all', at: number) => ({
      campaignId: 'spring',
      span,
      at,
      figures: { ...NO_FIGURES, placed: 1 },
    })
    const add = (at: number, removed: readonly string[] = []) =>
      store.add({ rows: [row('minute', at), row('hour', at), row('day', at), row('all', 0)], removed, state: save(initial()), at })
    const held = () => (['minute', 'hour', 'day'] as const).map((span) => store.rows('spring', span, 0).length)
    add(NINE)
    add(NINE + 3 * DAY_MS)
    expect(held()).toEqual([2, 2, 2])
    add(NINE + 3 * DAY_MS + 1)
    expect(held()).toEqual([2, 3, 3])
    add(NINE + 401 * DAY_MS)
    expect(held()).toEqual([1, 3, 3])
    expect(store.figures('spring', 'all', 0).placed).toBe(4)
    add(NINE + 401 * DAY_MS, ['spring'])
    expect(held()).toEqual([1, 1, 1])
    expect(store.figures('spring', 'all', 0).placed).toBe(1)
    store.close()
  })
})
