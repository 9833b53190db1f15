/** The archive's working state: calls being folded from their facts, in the order of the journal. */
import { apply, begin, type CallStory, isSettled, storyOf } from '#core/archive/projection.ts'
import type { Story } from '#core/archive/story.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import { Bug, type CallId } from '#core/kernel/kernel.ts'

export class Folding {
  readonly #open = new Map<CallId, CallStory>()
  readonly #factsOf: (callId: CallId) => readonly Recorded[]
  readonly #failed: (line: string) => void
  /** Calls whose facts make no story. */
  readonly #untold = new Set<CallId>()

  /**
   * `factsOf`: all facts of a call, for one that was let go or begun before this process. `failed`: told of a call whose facts make no story,
   * because some were lost with a damaged part of the journal: that one is told no further, and all others are.
   */
  constructor(factsOf: (callId: CallId) => readonly Recorded[], failed: (line: string) => void) {
    this.#factsOf = factsOf
    this.#failed = failed
  }

  /** Takes the next facts; gives the stories they changed, each as it stands after them. */
  take(facts: readonly Recorded[]): Story[] {
    const changed = new Map<CallId, CallStory>()
    for (const recorded of facts) {
      const callId = callOf(recorded.fact)
      if (callId === undefined || this.#untold.has(callId)) continue
      const call = this.#told(callId, recorded)
      if (call !== null) changed.set(callId, call)
      else changed.delete(callId)
    }
    const stories = [...changed.values()].map(storyOf)
    for (const [callId, call] of changed) if (isSettled(call)) this.#open.delete(callId)
    return stories
  }

  /** Null: it cannot be. */
  #told(callId: CallId, recorded: Recorded): CallStory | null {
    try {
      return this.#fold(callId, recorded)
    } catch (error) {
      if (!(error instanceof Bug)) throw error
      this.#untold.add(callId)
      this.#open.delete(callId)
      this.#failed(`call ${callId} cannot be told beyond fact ${recorded.position}: ${error.message}`)
      return null
    }
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
