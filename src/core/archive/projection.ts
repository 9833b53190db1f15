/**
 * The archive's projection: the facts of one call -> its story.
 *
 * `begin` with the call's first fact, `apply` each further one as it is recorded, and ask `storyOf` for the story as it stands; or
 * give all facts at once to `projectCall`. The result is the same at any prefix, because the notes only remember and the story is told
 * anew each time. Applying a fact is cheap; telling the story costs a few microseconds, so tell it once per commit, not once per fact.
 *
 * A `CallStory` is mutable working state that belongs to whoever folds the call; a `Story` shares nothing with it and may be kept.
 */
import type { Fact, Recorded } from '../facts.ts'
import { Bug, type Ms, type QueueId } from '../kernel/kernel.ts'
import { eventsOf } from './events.ts'
import { agentsOf, speakOf, waitsOf } from './measures.ts'
import { type CallNotes, type CallStarted, emptyNotes, type LegNote } from './notes.ts'
import { note } from './noting.ts'
import { resultOf } from './result.ts'
import type { Story, StoryLeg } from './story.ts'
import { talksOf } from './talk.ts'

/** One call being folded. What is in it concerns nobody else. */
export type CallStory = CallNotes

const isStart = (recorded: Recorded): recorded is Recorded<CallStarted> => recorded.fact.type === 'call.started'

/** Begins a call. Anything but its `call.started` is a `Bug`: a call's facts are in the archive whole or not at all. */
export function begin(recorded: Recorded): CallStory {
  if (!isStart(recorded)) throw new Bug(`a call's first fact is ${recorded.fact.type}, not call.started`)
  return emptyNotes(recorded)
}

/** Takes the next fact of the same call: those with its `callId`, in journal order, also those after its end (wrap-up, voicemail). */
export function apply(call: CallStory, recorded: Recorded): void {
  note(call, recorded)
}

/** The whole call from all its facts, in journal order. */
export function projectCall(facts: Iterable<Recorded<Fact>>): Story {
  let call: CallStory | undefined
  for (const recorded of facts) {
    if (call === undefined) call = begin(recorded)
    else note(call, recorded)
  }
  if (call === undefined) throw new Bug('a call without facts')
  return storyOf(call)
}

/**
 * Whether the call is over and nobody is in wrap-up after it, so that its working state may be let go. Ask after a whole commit. A fact
 * that comes later all the same is met by folding the call's facts anew.
 */
export const isSettled = (call: CallStory): boolean => call.endedAt !== null && call.wrapUps.every((wrapUp) => wrapUp.endedAt !== null)

export function storyOf(call: CallStory): Story {
  const { started } = call
  const talks = talksOf(call)
  const events = eventsOf(call, talks)
  let unanswered = 0
  for (const event of events) unanswered = Math.max(unanswered, event.unanswered ?? 0)
  return {
    id: call.id,
    direction: started.direction,
    ...(started.origin !== undefined && { origin: started.origin }),
    ...(started.mode !== undefined && { mode: started.mode }),
    ...(started.campaignId !== undefined && { campaignId: started.campaignId }),
    ...(started.contactId !== undefined && { contactId: started.contactId }),
    ...(started.attempt !== undefined && { attempt: started.attempt }),
    startedAt: call.startedAt,
    endedAt: call.endedAt,
    caller: callerOf(started),
    from: started.from,
    to: started.to,
    ...(started.direction === 'outbound' && started.agentId !== undefined && { orderedBy: started.agentId }),
    ...(call.askFor !== undefined && { askFor: call.askFor }),
    queues: queuesOf(call),
    agents: agentsOf(call, talks),
    result: resultOf(call, events, talks),
    ...waitsOf(call, events, talks),
    speakMs: speakOf(talks),
    unanswered,
    relatedCalls: [...call.related],
    events,
    legs: call.legs.map(legStory),
    position: call.position,
  }
}

/** Whose number is shown: the customer's; of an outbound call the one called; agent to agent nobody's. */
function callerOf(started: CallStarted): Story['caller'] {
  if (started.direction === 'internal') return null
  const party = started.direction === 'outbound' ? started.to : started.from
  return started.customer ?? ('person' in party ? party.person : null)
}

function queuesOf(call: CallNotes): QueueId[] {
  const queues: QueueId[] = []
  for (const stay of call.stays) if (!queues.includes(stay.queueId)) queues.push(stay.queueId)
  return queues
}

type LegDraft = { -readonly [Field in keyof StoryLeg]: StoryLeg[Field] }

function legStory(leg: LegNote): StoryLeg {
  const story: LegDraft = {
    id: leg.id,
    party: leg.party,
    requestedAt: leg.requestedAt,
    ringingAt: leg.ringingAt,
    answeredAt: leg.answeredAt,
    endedAt: leg.endedAt,
    holds: leg.holds.map((hold): { from: Ms; to: Ms | null } => ({ from: hold.from, to: hold.to })),
    outcome: leg.outcome,
    cause: leg.cause,
  }
  if (leg.agentId !== undefined) story.agentId = leg.agentId
  if (leg.personId !== undefined) story.personId = leg.personId
  if (leg.attempt !== undefined) story.attempt = leg.attempt
  if (leg.by !== undefined) story.by = leg.by
  if (leg.notCounted !== undefined) story.notCounted = leg.notCounted
  if (leg.reconciled) story.reconciled = true
  if (leg.learntAt !== null) story.learntAt = leg.learntAt
  return story
}
