/** What the one who asked is told. */
import type { Input } from '#core/inputs.ts'
import type { CallId } from '#core/kernel/kernel.ts'
import type { Turn } from '#core/world/turn.ts'
import { callByEntry, type World } from '#core/world/world.ts'
import type { Answer } from '#ports/engine.ts'

export function answerOf(done: Turn, callId: CallId | undefined, world: World, input: Input): Answer {
  if (done.refused !== null)
    return { ok: false, refused: done.refused.refused, ...(done.refused.field === undefined ? {} : { field: done.refused.field }) }
  if (done.bug !== null) return { ok: false, refused: 'engine.bug' }
  for (const { fact } of done.facts) {
    if (fact.type === 'callback.ordered') return { ok: true, callId: fact.callId, entryId: fact.entryId }
  }
  if (input.type === 'callback.order') {
    for (const id of world.callbacksOf.get(input.person) ?? []) {
      const call = callByEntry(world, id)
      if (call?.entry?.queueId === input.queueId) return { ok: true, callId: call.id, entryId: id }
    }
  }
  return callId === undefined ? { ok: true } : { ok: true, callId }
}
