/** All that look on, told of everything at once. */
import type { PeopleCommand } from '#core/commands.ts'
import type { Recorded } from '#core/facts.ts'
import type { LegId, Ms } from '#core/kernel/kernel.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Answer, LiveAgent } from '#ports/engine.ts'
import { Account } from './account.ts'
import { Agents } from './agents.ts'
import { Answers } from './answers.ts'
import { Attempts } from './attempts.ts'
import { Campaigns } from './campaigns.ts'
import { Deadlines } from './deadlines.ts'
import { Files, type ListedByFile } from './files.ts'
import type { Broken, Law } from './laws.ts'
import { Queues } from './queues.ts'

export class Checkers {
  readonly #broken: Broken[] = []
  readonly account = new Account()
  readonly #agents: Agents
  readonly #answers: Answers
  readonly #attempts: Attempts
  readonly #campaigns: Campaigns
  readonly #deadlines: Deadlines
  readonly #files: Files
  readonly #queues: Queues
  #position = 0

  constructor() {
    const say = (law: Law, what: string): void => this.say(law, `at fact ${this.#position}: ${what}`)
    this.#agents = new Agents(say)
    this.#answers = new Answers(say)
    this.#attempts = new Attempts(say)
    this.#campaigns = new Campaigns(say, this.#agents)
    this.#deadlines = new Deadlines(say)
    this.#files = new Files(say)
    this.#queues = new Queues(say)
  }

  get broken(): readonly Broken[] {
    return [...this.account.broken, ...this.#broken]
  }

  get count(): number {
    return this.account.broken.length + this.#broken.length
  }

  say(law: Law, what: string): void {
    this.#broken.push({ law, what })
  }

  /** One commit. `monotonic`: when it is, by waiting. */
  take(facts: readonly Recorded[], monotonic: Ms): void {
    this.#position = facts.at(-1)?.position ?? this.#position
    this.account.take(facts)
    this.#answers.take(facts)
    this.#attempts.take(facts)
    this.#deadlines.take(facts, monotonic)
    this.#queues.take(facts)
    for (const recorded of facts) {
      this.#position = recorded.position
      this.#agents.fact(recorded.fact)
      this.#files.fact(recorded.fact)
      this.#campaigns.take(recorded)
    }
    this.#campaigns.turned()
  }

  asked(command: PeopleCommand): (answer: Answer) => void {
    this.#files.asked(command)
    return this.#answers.asked(command)
  }

  /** By a file, of which no fact tells. */
  listed(one: ListedByFile): void {
    this.#files.listed(one)
  }

  /** The engine asks the network to ring. */
  ring(legId: LegId): void {
    this.account.ring(legId)
    this.#attempts.ring(legId)
  }

  /** Nothing has been wrong for `calmMs`. */
  look(agents: readonly LiveAgent[], monotonic: Ms, calmMs: Ms): void {
    for (const { id, state } of agents) this.#agents.look(id, state)
    this.#deadlines.look(monotonic, calmMs)
  }

  /** When all is over: the lists stand as the facts say. */
  async lists(contacts: Pick<Contacts, 'contact'>): Promise<void> {
    for (const contactId of this.#campaigns.contacts()) {
      const kept = await contacts.contact(contactId)
      if (kept === null) continue
      this.#campaigns.compare(kept, this.#attempts.triesOf(contactId))
      this.#campaigns.hours(kept)
    }
  }

  drained(): void {
    this.account.drained()
    this.#campaigns.drained()
  }
}
