/**
 * One turn: an input in; facts, effects and an answer out. Facts of one decision are taken into the world together, then what
 * follows from each is worked off, until nothing follows any more. Time, ids and chance come in with the input: the same world and
 * the same input give the same turn.
 */
import type { Effect } from '../effects.ts'
import type { Recorded } from '../facts.ts'
import type { Consequence, Env, Input } from '../inputs.ts'
import { Bug, isRefused, type Refused } from '../kernel/kernel.ts'
import { decide } from './decide.ts'
import { evolve } from './evolve.ts'
import { answerTo, react } from './react.ts'
import type { World } from './world.ts'

export interface Turn {
  readonly facts: Recorded[]
  readonly effects: Effect[]
  refused: Refused | null
  /** Met half-way: the facts before it stand, and the call is to be set aside. */
  bug: unknown
}

/** More consequences of one input than this is a circle. */
const STEPS_MAX = 100_000

/** Changes `world`. */
export function turn(world: World, input: Input, env: Env): Turn {
  const out: Turn = { facts: [], effects: [], refused: null, bug: null }
  try {
    workOff(world, input, env, out)
  } catch (bug) {
    out.bug = bug
  }
  return out
}

/**
 * First what an input leads to, then whether an attempt is over (every leg of it settled) and who is matched with whom, and calls are
 * closed last: when nothing of theirs is left to say. An agent who became free takes whoever is first in line before anybody who just
 * joined looks for one: else a customer given to a queue would pass all who wait there, back to the agent who gave him.
 */
const RANK: Readonly<Partial<Record<Consequence['type'], number>>> = {
  'attempt.settle': 1,
  'match.agent': 1,
  'wish.settle': 1,
  'match.entry': 2,
  'call.tidy': 3,
}

/** What is still to be worked off, lowest rank first, in the order it came. */
class Agenda {
  readonly #lists: (Input | Consequence)[][]
  readonly #heads = [0, 0, 0, 0]

  constructor(first: Input) {
    this.#lists = [[first], [], [], []]
  }

  add(consequence: Consequence): void {
    this.#lists[RANK[consequence.type] ?? 0]?.push(consequence)
  }

  next(): Input | Consequence | undefined {
    for (let rank = 0; rank < this.#lists.length; rank += 1) {
      const head = this.#heads[rank] ?? 0
      const found = this.#lists[rank]?.[head]
      if (found === undefined) continue
      this.#heads[rank] = head + 1
      return found
    }
    return undefined
  }
}

function workOff(world: World, input: Input, env: Env, out: Turn): void {
  const agenda = new Agenda(input)
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const next = agenda.next()
    if (next === undefined) {
      out.effects.push(...answerTo(world, input, env))
      return
    }
    const decision = decide(world, next, env)
    if (isRefused(decision)) {
      if (next !== input) throw new Bug(`the consequence ${next.type} of ${input.type} was refused: ${decision.refused}`)
      out.refused = decision
      return
    }
    const recorded: Recorded[] = []
    for (const fact of decision) {
      const line = { position: world.position + 1, at: env.at, fact }
      evolve(world, line)
      recorded.push(line)
      out.facts.push(line)
    }
    for (const line of recorded) {
      for (const reaction of react(world, line, env)) {
        if ('effect' in reaction) out.effects.push(reaction.effect)
        else agenda.add(reaction.then)
      }
    }
  }
  throw new Bug(`an input of type ${input.type} never ends`)
}
