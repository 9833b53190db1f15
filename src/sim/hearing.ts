/** Who hears whom in the simulated network, by its own account, in the words of a scenario. */
import type { SimulatedNetwork } from './network.ts'
import type { ExpectedHearing } from './scenario.ts'

/** By number or agent: whoever is on an answered line, and what is heard there, in order. */
export function hearing(network: SimulatedNetwork): Readonly<Record<string, readonly string[]>> {
  const named = new Map(network.onTheLine().map((line) => [line.legId, line.phone.name.replace(/^agent:/, '')]))
  return Object.fromEntries(
    [...named].map(([legId, name]) => {
      const { legs, music, prompt } = network.hears(legId)
      const said = (prompt ?? []).map((part) => ('prompt' in part ? `prompt:${part.prompt}` : 'prompt'))
      return [name, [...legs.map((other) => named.get(other) ?? other), ...(music === null ? [] : [`music:${music}`]), ...said].sort()]
    }),
  )
}

/** Sentences where it is otherwise than expected: somebody hears something else, is on the line and not named, or named and not on it. */
export function misheard({ at, who }: ExpectedHearing, heard: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const names = [...new Set([...Object.keys(who), ...Object.keys(heard)])].sort()
  return names.flatMap((name) => {
    const [expected, got] = [who[name], heard[name]].map((sounds) =>
      sounds === undefined ? 'is not on the line' : `hears [${[...sounds].sort().join(', ')}]`,
    )
    return expected === got ? [] : [`at ${at}: ${name} ${got}, expected that he ${expected}`]
  })
}
