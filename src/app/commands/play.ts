import { readFile } from 'node:fs/promises'
import { callOf } from '#adapters/http/present.ts'
import type { PersonRow } from '#ports/journal.ts'
import type { Played } from '#sim/player.ts'
import { renderStories } from '#sim/render.ts'
import type { Command } from '../command.ts'
import { Failure, faultLines } from '../failure.ts'
import { playScenario, readScenario, type ScenarioRead } from '../play.ts'

function asJson({ scenario, settings }: ScenarioRead, played: Played): string {
  const ids = new Set(
    played.stories.flatMap((story) => [
      story.caller,
      ...story.legs.map((leg) => leg.personId ?? null),
      ...[story.from, story.to].map((party) => ('person' in party ? party.person : null)),
    ]),
  )
  const rows = [...ids].flatMap((id): [string, PersonRow][] =>
    id === null ? [] : [[id, { personId: id, number: played.numberOf(id), kind: 'person' }]],
  )
  const joined = { solution: settings.solution, persons: new Map(rows), notes: new Map(), users: new Map(), campaignName: () => undefined }
  const calls = played.stories.map((story) => callOf(joined, story))
  return `${JSON.stringify({ name: scenario.name, calls, differences: played.differences }, null, 2)}\n`
}

export const run: Command['run'] = async (given, { out, err, terminal }) => {
  const file = given.words[0] ?? ''
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  const read = readScenario(text)
  if ('errors' in read) throw new Failure(`${file} is not played:\n${faultLines(file, read.errors)}`, { errors: read.errors })
  const played = await playScenario(read, (line) => err(`samtal: ${line}\n`))
  const { zone } = read.settings.solution
  const clock = (at: number) => new Date(at).toLocaleTimeString('sv-SE', { timeZone: zone })
  out(
    given.flag('json')
      ? asJson(read, played)
      : renderStories(played.stories, { number: played.numberOf, note: played.noteOf, clock, colour: terminal }),
  )
  for (const difference of played.differences) err(`differs: ${difference}\n`)
  return played.differences.length === 0 ? 0 : 1
}
