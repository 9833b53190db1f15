/** So many kills on the real thing, and the account of them. */
import { seededChance } from '#sim/chance.ts'
import { close } from './closing.ts'
import { drawKinds, KINDS, type Kind, kinds } from './deaths.ts'
import { picture } from './picture.ts'
import { Place } from './place.ts'
import { type Round, Rounds } from './rounds.ts'
import { Standing } from './standing.ts'
import { agentsFree, killSwitch } from './switch.ts'

export interface Drilled {
  readonly rounds: readonly Round[]
  readonly faults: readonly string[]
  readonly counts: Readonly<Record<string, string | number>>
}

/** What did not come about, as a fault. Where everybody was is said at once: it is gone when the drill is over. */
async function inVain(what: string, error: unknown, place: Place, say: (line: string) => void): Promise<string> {
  const fault = `${what}: ${error instanceof Error ? error.message : String(error)}`
  for (const line of [fault, ...(await picture(place)).map((told) => `  ${told}`)]) say(line)
  return fault
}

/**
 * `say`: told of each kill as it is over. The seed decides which kills, and how many moments of a kind are let pass before each. A kill
 * that could not be made is a fault and the last; what was seen until then is held against the logs all the same.
 */
export async function drill(how: { readonly kills: number; readonly seed: string }, say: (line: string) => void): Promise<Drilled> {
  const chance = seededChance(how.seed)
  const place = await Place.open()
  try {
    await place.start()
    const standing = new Standing(place)
    await standing.begin()
    const rounds = new Rounds(place, standing, chance)
    const played: Round[] = []
    const missed: string[] = []
    for (const [index, kind] of drawKinds(how.kills, chance).entries()) {
      try {
        const round = await rounds.play(index + 1, kind)
        played.push(round)
        say(sentence(round, how.kills))
      } catch (error) {
        missed.push(await inVain(`kill ${index + 1} of ${how.kills}, ${KINDS[kind]}`, error, place, say))
        break
      }
    }
    const { faults, counts } = await close(place, standing, rounds.gaps).catch(async (error: unknown) => ({
      faults: [await inVain('it cannot be ended in order', error, place, say)],
      counts: { 'at the end': 'nothing could be counted' },
    }))
    return { rounds: played, faults: [...played.flatMap((round) => round.faults), ...missed, ...faults], counts }
  } finally {
    await place.close()
  }
}

/** Asterisk killed so many times instead. */
export async function drillSwitch(kills: number, say: (line: string) => void): Promise<{ readonly faults: readonly string[] }> {
  const place = await Place.open()
  try {
    await place.start()
    const standing = new Standing(place)
    await standing.logOn()
    await standing.dial()
    const faults: string[] = []
    for (let number = 1; number <= kills; number += 1) {
      const named = `Asterisk killed, ${number} of ${kills}`
      try {
        const round = await killSwitch(number, place, standing)
        faults.push(...round.faults)
        const times = `away ${round.awayMs} ms, a new call answered ${round.flowsMs.toFixed(0)} ms and a contact rung ${round.dialsMs.toFixed(0)} ms after it was back`
        say(`${named}: ${times}; ${round.faults.length === 0 ? 'all told right' : `FAULTS: ${round.faults.join('; ')}`}`)
      } catch (error) {
        faults.push(await inVain(named, error, place, say))
        break
      }
    }
    faults.push(...(await agentsFree(place, standing)))
    return { faults }
  } finally {
    await place.close()
  }
}

const sentence = ({ number, kind, gap, scene, faults, servesMs, dialsMs }: Round, of: number): string => {
  const times = `away ${((gap.to - gap.from) / 1_000).toFixed(1)} s, serves after ${servesMs} ms, dials ${dialsMs.toFixed(0)} ms later`
  const end = faults.length === 0 ? 'nothing lost' : `FAULTS: ${faults.join('; ')}`
  return `kill ${number} of ${of}, ${KINDS[kind]}: ${scene}; ${times}; ${end}`
}

/** Kills by instant, and what was counted at the end. */
export function table({ rounds, faults, counts }: Drilled): string {
  const width = Math.max(...Object.values(KINDS).map(({ length }) => length), ...Object.keys(counts).map(({ length }) => length))
  const row = (name: string, ...cells: readonly (string | number)[]): string => `${name.padEnd(width)}  ${cells.join('  ')}`
  const of = (kind: Kind): readonly Round[] => rounds.filter((round) => round.kind === kind)
  return [
    row('killed', 'times', 'faults'),
    ...kinds.map((kind) => row(KINDS[kind], String(of(kind).length).padStart(5), of(kind).flatMap((one) => one.faults).length)),
    '',
    ...Object.entries(counts).map(([name, is]) => row(name, is)),
    '',
    ...(faults.length === 0 ? [`${rounds.length} kills, nothing lost`] : faults.map((fault) => `FAULT: ${fault}`)),
    '',
  ].join('\n')
}
