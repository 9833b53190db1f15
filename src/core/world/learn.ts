/**
 * What became of the legs of a call while the engine was away, learnt from the switch afterwards. calls.md 6 and 7
 *
 * All legs of a call are told of in one turn, in the order in which things happened: whether an attempt was answered with nobody
 * there, or left by its agent before that, can be judged only when all of it is known.
 */
import type { Fact } from '../facts.ts'
import type { Env, Finding, Input } from '../inputs.ts'
import type { Ms } from '../kernel/kernel.ts'
import * as Leg from '../leg/leg.ts'
import { drop, facts } from './ending.ts'
import type { World } from './world.ts'

export function learn(world: World, input: Extract<Input, { type: 'legs.learn' }>, env: Env): readonly Fact[] {
  const call = world.calls.get(input.callId)
  const told = input.legs.flatMap((finding) => {
    const leg = call?.legs.get(finding.legId)
    return leg === undefined ? [] : toldOf(leg, finding, env)
  })
  return told.sort((a, b) => whenOf(a, env) - whenOf(b, env))
}

const whenOf = (fact: Fact, env: Env): Ms => ('happenedAt' in fact ? fact.happenedAt : undefined) ?? env.at

function toldOf(leg: Leg.State, finding: Finding, env: Env): readonly Fact[] {
  switch (finding.type) {
    case 'leg.ring':
      return facts(Leg.decide(leg, { ...finding, type: 'ring' }))
    case 'leg.end':
      return facts(Leg.decide(leg, { ...finding, type: 'end' }))
    case 'leg.answer': {
      const answered = facts(Leg.decide(leg, { ...finding, type: 'answer' }))
      const late = leg.ringUntil !== null && (finding.happenedAt ?? env.at) >= leg.ringUntil
      // Nobody was there to end its ring in time: it is ended now, and was answered all the same.
      return late ? [...answered, ...answered.flatMap(() => drop({ ...leg, status: 'answered' }))] : answered
    }
  }
}
