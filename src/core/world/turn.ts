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

function workOff(world: World, input: Input, env: Env, out: Turn): void {
  const waiting: (Input | Consequence)[] = [input]
  for (let step = 0; step < waiting.length; step += 1) {
    if (step > STEPS_MAX) throw new Bug(`an input of type ${input.type} never ends`)
    const next = waiting[step]
    if (next === undefined) break
    const decision = decide(world, next, env)
    if (isRefused(decision)) {
      if (step === 0) {
        out.refused = decision
        return
      }
      throw new Bug(`the consequence ${next.type} of ${input.type} was refused: ${decision.refused}`)
    }
    const recorded: Recorded[] = []
    for (const fact of decision) {
      const line = { position: world.position + 1, at: env.at, fact }
      evolve(world, line)
      recorded.push(line)
    }
    for (const line of recorded) {
      out.facts.push(line)
      for (const reaction of react(world, line, env)) {
        if ('effect' in reaction) out.effects.push(reaction.effect)
        else waiting.push(reaction.then)
      }
    }
  }
  out.effects.push(...answerTo(world, input, env))
}
