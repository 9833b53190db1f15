/**
 * The archive's projection alone, on one core: how many facts a second it folds, with the story told once per call, and once per fact as
 * a page of a live call would have it.
 *
 *     npm run bench -- --only projection
 */
import process from 'node:process'
import { allCases } from '#core/archive/cases/all.ts'
import {
  answers,
  arrives,
  at,
  callEnds,
  chooses,
  enters,
  hangsUp,
  inbound,
  isHungUp,
  isReady,
  joinsQueue,
  leavesQueue,
  ringsAgent,
  talking,
  tell,
  wrapsUp,
} from '#core/archive/cases/script.ts'
import { apply, begin, storyOf } from '#core/archive/projection.ts'
import type { Recorded } from '#core/facts.ts'
import { print } from './figures.ts'

const MEASURE_MS = 2_000

/** Menu, queue, conversation, wrap-up. */
const simple = tell(
  at(0, inbound(), arrives('line'), answers('line'), enters('main')),
  at(20, chooses('main', '1'), joinsQueue('support'), ringsAgent('own', 'anna', { entryId: 'entry-1' })),
  at(24, answers('own'), talking('line', 'own'), leavesQueue('support', 'answered')),
  at(200, hangsUp('line'), isHungUp('own'), wrapsUp('anna'), callEnds()),
  at(230, isReady('anna')),
)

/** Facts folded per second. `everyFact`: the story is told after each one. */
function factsPerSecond(calls: readonly (readonly Recorded[])[], everyFact: boolean): number {
  let folded = 0
  let told = 0
  const until = performance.now() + MEASURE_MS
  const started = performance.now()
  while (performance.now() < until) {
    for (let round = 0; round < 20; round++) {
      for (const facts of calls) {
        const [first, ...rest] = facts
        if (first === undefined) continue
        const call = begin(first)
        for (const recorded of rest) {
          apply(call, recorded)
          if (everyFact) told += storyOf(call).events.length
        }
        if (!everyFact) told += storyOf(call).events.length
        folded += facts.length
      }
    }
  }
  if (told === 0) throw new Error('no story was told')
  return (folded / (performance.now() - started)) * 1000
}

const cases = allCases.map((one) => one.facts)
factsPerSecond([...cases, simple], true)
const met = print([
  {
    name: `one inbound call of ${simple.length} facts, story told at its end`,
    value: factsPerSecond([simple], false),
    unit: 'facts/s',
    aim: { atLeast: 300_000 },
  },
  { name: 'the same, story told after every fact', value: factsPerSecond([simple], true), unit: 'facts/s', aim: { atLeast: 50_000 } },
  { name: 'every case A1–F14, story told at its end', value: factsPerSecond(cases, false), unit: 'facts/s', aim: { atLeast: 300_000 } },
  { name: 'the same, story told after every fact', value: factsPerSecond(cases, true), unit: 'facts/s' },
])
process.exitCode = met ? 0 : 1
