/** The archive's working state: calls being folded from their facts, in the order of the journal. */
import { apply, begin, type CallStory, isSettled, storyOf } from '#core/archive/projection.ts'
import type { Story } from '#core/archive/story.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import type { CallId } from '#core/kernel/kernel.ts'

export class Folding {
  readonly #open = new Map<CallId, CallStory>()
  readonly #factsOf: (callId: CallId) => readonly Recorded[]

  /** `factsOf`: all facts of a call, for one that was let go or begun before this process. */
  constructor(factsOf: (callId: CallId) => readonly Recorded[]) {
    this.#factsOf = factsOf
  }

  /** Takes the next facts; gives the stories they changed, each as it stands after them. */
  take(facts: readonly Recorded[]): Story[] {
    const changed = new Map<CallId, CallStory>()
    for (const recorded of facts) {
      const callId = callOf(recorded.fact)
      if (callId !== undefined) changed.set(callId, this.#fold(callId, recorded))
    }
    const stories = [...changed.values()].map(storyOf)
    for (const [callId, call] of changed) if (isSettled(call)) this.#open.delete(callId)
    return stories
  }

  #fold(callId: CallId, recorded: Recorded): CallStory {
    const known = this.#open.get(callId)
    if (known !== undefined) {
      apply(known, recorded)
      return known
    }
    const earlier =
      recorded.fact.type === 'call.started' ? [recorded] : this.#factsOf(callId).filter((one) => one.position <= recorded.position)
    const [first = recorded, ...rest] = earlier
    const call = begin(first)
    for (const one of rest) apply(call, one)
    this.#open.set(callId, call)
    return call
  }
}
