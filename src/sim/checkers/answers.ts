/** Whoever was told yes finds it in the journal, whatever happens next. */
import type { PeopleCommand } from '#core/commands.ts'
import type { Fact, FactType, Recorded } from '#core/facts.ts'
import type { Answer } from '#ports/engine.ts'
import type { Say } from './laws.ts'

/** Of each command that always leaves one: the facts of which one tells of it. */
const TOLD_BY: Readonly<Partial<Record<PeopleCommand['type'], readonly FactType[]>>> = {
  'agent.logOn': ['agent.loggedOn'],
  'agent.logOff': ['agent.loggedOff', 'agent.wished'],
  'agent.pause': ['agent.paused', 'agent.wished'],
  'callback.callNow': ['callback.hastened'],
  'entry.delete': ['entry.left'],
  'talk.consult': ['consult.started'],
  'talk.hold': ['leg.held'],
  'campaign.write': ['campaign.written'],
  'campaign.start': ['campaign.started'],
  'campaign.pause': ['campaign.paused'],
  'campaign.stop': ['campaign.stopped'],
  'contact.reschedule': ['contact.rescheduled'],
  'doNotCall.add': ['doNotCall.listed'],
}

/** What a fact or a command is about, where both tell. */
const SUBJECTS = ['agentId', 'entryId', 'campaignId', 'callId'] as const
const subject = (of: object, name: string): unknown => (name in of ? Reflect.get(of, name) : undefined)
const isAbout = (fact: object, asked: object): boolean =>
  SUBJECTS.every((name) => {
    const [told, meant] = [subject(fact, name), subject(asked, name)]
    return typeof told !== 'string' || typeof meant !== 'string' || told === meant
  })

const KEPT = 2_000

export class Answers {
  readonly #say: Say
  #latest: { readonly position: number; readonly fact: Fact }[] = []
  #position = 0
  /** Calls and entries that began. */
  readonly #begun = new Set<string>()

  constructor(say: Say) {
    this.#say = say
  }

  take(facts: readonly Recorded[]): void {
    for (const { position, fact } of facts) {
      this.#latest.push({ position, fact })
      if (fact.type === 'call.started') this.#begun.add(fact.callId)
      if (fact.type === 'entry.joined') this.#begun.add(fact.entryId)
    }
    this.#position = facts.at(-1)?.position ?? this.#position
    if (this.#latest.length > 2 * KEPT) this.#latest = this.#latest.slice(-KEPT)
  }

  /** Something was asked just now; to be called with the answer. */
  asked(command: PeopleCommand): (answer: Answer) => void {
    const after = this.#position
    const types = TOLD_BY[command.type]
    return (answer) => {
      if (!answer.ok) return
      const { callId, entryId } = answer
      for (const id of [callId, entryId])
        if (id !== undefined && !this.#begun.has(id))
          this.#say('answer.durable', `${command.type} was answered with ${id}, which never began`)
      if (types === undefined) return
      const about = { ...command, ...(callId === undefined ? {} : { callId }), ...(entryId === undefined ? {} : { entryId }) }
      const told = this.#latest.some(({ position, fact }) => position > after && types.includes(fact.type) && isAbout(fact, about))
      if (!told) this.#say('answer.durable', `${command.type} was answered yes, and after fact ${after} nothing tells of it`)
    }
  }
}
