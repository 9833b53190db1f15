/**
 * The stories of really played calls: every file of `scenarios/` runs through the engine, and each of its calls keeps the law of a story after
 * every single fact, as a page that shows it live would see it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { playScenario, readScenario } from '#app/play.ts'
import { lawsBroken } from '#core/archive/law.ts'
import { apply, begin, type CallStory, isSettled, storyOf } from '#core/archive/projection.ts'
import { callOf } from '#core/facts.ts'

const folder = path.resolve(import.meta.dirname, '../scenarios')

describe('every call of the scenarios, after every fact', () => {
  it.each(readdirSync(folder).filter((file) => file.endsWith('.json')))('%s', async (file) => {
    const scenario = readScenario(readFileSync(path.join(folder, file), 'utf8'))
    if ('errors' in scenario) throw new Error(JSON.stringify(scenario.errors))
    const played = await playScenario(scenario, () => undefined)
    const calls = new Map<string, CallStory>()
    for (const recorded of played.facts) {
      const callId = callOf(recorded.fact)
      if (callId === undefined) continue
      const known = calls.get(callId)
      if (known === undefined) calls.set(callId, begin(recorded))
      else apply(known, recorded)
      const call = calls.get(callId)
      if (call === undefined) continue
      expect(lawsBroken(storyOf(call)), `after ${recorded.position} ${recorded.fact.type}`).toEqual([])
    }
    // What was folded fact by fact is what the player told at once.
    expect([...calls.values()].map((call) => JSON.stringify(storyOf(call)))).toEqual(played.stories.map((story) => JSON.stringify(story)))
    for (const call of calls.values()) expect(isSettled(call)).toBe(storyOf(call).result !== 'live')
  })
})
