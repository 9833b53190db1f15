/**
 * Plays a scenario: the real engine on a journal in memory, the simulated network, virtual time; then the archive's stories of what
 * happened, and how they differ from what the file expects.
 */
import { projectCall } from '#core/archive/projection.ts'
import type { Story } from '#core/archive/story.ts'
import type { PeopleCommand } from '#core/commands.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import type { AgentId, CallId, EntryId, Ms, PersonId, QueueId } from '#core/kernel/kernel.ts'
import type { Chance } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { EnginePort, LiveCampaigns } from '#ports/engine.ts'
import type { Spoken } from '#ports/telephony.ts'
import { campaignCommand, campaignSettings, importContacts } from './campaigns.ts'
import { seededChance } from './chance.ts'
import { settled, VirtualClock } from './clock.ts'
import { agentCommand } from './deeds.ts'
import { differences } from './expect.ts'
import { hearing, misheard } from './hearing.ts'
import { SimulatedNetwork } from './network.ts'
import type { Behaviour } from './people.ts'
import type { AgentDoes, PersonCall, Reaction, Scenario, ScenarioAgent, SupervisorDoes } from './scenario.ts'

export interface RunningEngine extends EnginePort, LiveCampaigns {
  stop(): Promise<void>
}

/** What an engine is started with here. */
export interface StagePorts {
  readonly clock: VirtualClock
  readonly chance: Chance
  readonly telephony: SimulatedNetwork
}

/** All around the network and the people: the solution, the journal, and how to start an engine on them. */
export interface Stage {
  readonly startsAt: Ms
  /** The solution's. */
  readonly zone: string
  readonly country: string
  readonly queues: readonly QueueId[]
  readonly pauseReason: string
  readonly lengthMs: (parts: readonly Spoken[], language: string) => Ms
  /** The second time it finds its journal as the first left it. */
  readonly startEngine: (ports: StagePorts) => Promise<RunningEngine>
  /** The lists of campaigns, over every start of an engine. */
  readonly contacts: Contacts
  readonly lineOf: (number: string) => PersonId | undefined
  readonly personWith: (number: string) => Promise<PersonId | undefined>
  readonly facts: () => Promise<readonly Recorded[]>
  readonly numberOf: (person: PersonId) => string | null
  /** The words of a note. */
  readonly noteOf: (noteId: string) => string | null
  /** Whether a number is marked as a switchboard. */
  readonly isSwitchboard: (number: string) => boolean
}

export interface Played {
  readonly startsAt: Ms
  /** Whoever is in the stories; null: withheld. */
  readonly numberOf: (person: PersonId) => string | null
  readonly noteOf: (noteId: string) => string | null
  readonly stories: readonly Story[]
  readonly facts: readonly Recorded[]
  /** Empty where all holds; where nothing is expected, only what went wrong in the playing. */
  readonly differences: readonly string[]
}

/** A story that has not ended by itself this long after its last deed is looked at as it stands. */
const LIVES_ON_MS_MAX: Ms = 8 * 24 * 3_600_000
const LOOK_EVERY_MS: Ms = 60_000

const toMs = (seconds: number): Ms => Math.round(seconds * 1000)

export function behaviourOf(reaction: Reaction): Behaviour {
  if ('rings' in reaction) return { ringsMs: toMs(reaction.rings) }
  if ('busyAfter' in reaction) return { busyAfterMs: toMs(reaction.busyAfter) }
  if ('rejectsAfter' in reaction) return { rejectsAfterMs: toMs(reaction.rejectsAfter) }
  if ('failsWith' in reaction) return { failsWith: reaction.failsWith }
  const talks = reaction.talks === undefined ? {} : { talksMs: toMs(reaction.talks) }
  if ('answersAfter' in reaction) return { answersAfterMs: toMs(reaction.answersAfter), ...talks }
  return { voicemailAfterMs: toMs(reaction.voicemailAfter), ...talks }
}

/** Stories in order of start, from all facts of a journal. */
export function storiesOf(facts: readonly Recorded[]): readonly Story[] {
  const calls = new Map<CallId, Recorded[]>()
  for (const recorded of facts) {
    const callId = callOf(recorded.fact)
    if (callId === undefined) continue
    const known = calls.get(callId)
    if (known === undefined) calls.set(callId, [recorded])
    else known.push(recorded)
  }
  return [...calls.values()].map((own) => projectCall(own))
}

export async function play(scenario: Scenario, stage: Stage): Promise<Played> {
  const player = new Player(scenario, stage)
  const facts = await player.run()
  const stories = storiesOf(facts)
  const expected = scenario.expect === undefined ? [] : differences(scenario.expect.calls, stories, stage)
  const { startsAt, numberOf, noteOf } = stage
  return { startsAt, numberOf, noteOf, stories, facts, differences: [...player.remarks, ...expected] }
}

class Player {
  readonly #scenario: Scenario
  readonly #stage: Stage
  readonly #ports: StagePorts
  readonly remarks: string[] = []
  #engine: RunningEngine | null = null
  /** What must be over before time goes on. */
  #underWay: Promise<void> = Promise.resolve()
  #lastAt: Ms

  constructor(scenario: Scenario, stage: Stage) {
    this.#scenario = scenario
    this.#stage = stage
    this.#lastAt = stage.startsAt
    const clock = new VirtualClock(stage.startsAt)
    const chance = seededChance(scenario.name)
    const telephony = new SimulatedNetwork({ clock, chance: chance.fork('network'), lengthMs: stage.lengthMs })
    this.#ports = { clock, chance, telephony }
  }

  async run(): Promise<readonly Recorded[]> {
    this.#engine = await this.#stage.startEngine(this.#ports)
    await this.#begin()
    this.#write()
    await this.#untilOver()
    this.#received()
    await this.#engine.stop()
    return this.#stage.facts()
  }

  /** What is so at the first instant: who is there, and how their phones behave. */
  async #begin(): Promise<void> {
    const { telephony } = this.#ports
    for (const [number, person] of Object.entries(this.#scenario.people ?? {})) {
      telephony.phone(number).whenCalled(...(person.whenCalled ?? [{ rings: 3_600 }]).map(behaviourOf))
      telephony.phone(number).manyLines = this.#stage.isSwitchboard(number)
    }
    for (const [agentId, agent] of Object.entries(this.#scenario.agents ?? {})) {
      telephony.agentPhone(agentId).whenCalled(...agentBehaviours(agent))
      if (agent.starts === 'loggedOff') continue
      await this.#command(`${agentId} at the start`, { type: 'agent.logOn', by: 'agent', agentId })
      if (agent.starts === 'paused') await this.#command(`${agentId} at the start`, this.#pause(agentId))
    }
    for (const [campaignId, campaign] of Object.entries(this.#scenario.campaigns ?? {})) {
      await importContacts(this.#stage.contacts, campaignId, campaign.contacts, this.#stage)
      const settings = campaignSettings(campaignId, campaign, this.#stage)
      await this.#command(`${campaignId} at the start`, { type: 'campaign.write', by: 'campaign', campaignId, settings })
    }
  }

  /** Every deed of the file into the clock. At one instant: people, agents, supervisors, campaigns, network, engine, each in the file's order. */
  #write(): void {
    const { people = {}, agents = {}, supervisors = {}, campaigns = {}, network = [], engine = [] } = this.#scenario
    for (const [number, person] of Object.entries(people)) {
      for (const call of person.calls ?? []) this.#at(call.at, () => this.#call(number, call))
      for (const order of person.orders ?? []) {
        this.#at(order.at, () => {
          const { queue, at, notBefore, refused, ...who } = order
          const later = notBefore === undefined ? {} : { notBefore: this.#instant(notBefore) }
          const command: PeopleCommand = { type: 'callback.order', by: 'customer', queueId: queue, number, ...later, ...who }
          this.#do(`${number} at ${at}`, async () => command, refused)
        })
      }
    }
    for (const [agentId, agent] of Object.entries(agents)) {
      for (const deed of agent.does ?? []) this.#at(deed.at, () => this.#agentDoes(agentId, deed))
    }
    for (const [user, { does }] of Object.entries(supervisors)) {
      for (const deed of does) {
        this.#at(deed.at, () => this.#do(`${user} at ${deed.at}`, () => this.#supervisorDoes(user, deed), deed.refused))
      }
    }
    for (const [campaignId, { does = [] }] of Object.entries(campaigns)) {
      for (const deed of does)
        this.#at(deed.at, () => this.#do(`${campaignId} at ${deed.at}`, async () => campaignCommand(campaignId, deed.do), deed.refused))
    }
    for (const trouble of network) {
      this.#at(trouble.at, () => this.#ports.telephony.begin(trouble.fault, trouble.trunk))
      this.#at(trouble.at + trouble.for, () => this.#ports.telephony.end(trouble.fault, trouble.trunk))
    }
    for (const expected of this.#scenario.expect?.hears ?? [])
      this.#at(expected.at, () => this.#after(async () => void this.remarks.push(...misheard(expected, hearing(this.#ports.telephony)))))
    for (const { at } of engine) this.#at(at, () => this.#after(() => this.#restart()))
  }

  #instant(seconds: number): Ms {
    return this.#stage.startsAt + toMs(seconds)
  }

  #at(seconds: number, deed: () => void): void {
    const at = this.#instant(seconds)
    this.#lastAt = Math.max(this.#lastAt, at)
    this.#ports.clock.wake(at, deed)
  }

  #after(deed: () => Promise<void>): void {
    this.#underWay = this.#underWay.then(deed)
  }

  async #untilOver(): Promise<void> {
    const { clock } = this.#ports
    const settle = async (): Promise<void> => {
      await settled()
      await this.#underWay
      await settled()
    }
    if (this.#scenario.endsAt !== undefined) return clock.run(this.#instant(this.#scenario.endsAt), settle)
    await clock.run(this.#lastAt, settle)
    for (let until = this.#lastAt; until < this.#lastAt + LIVES_ON_MS_MAX && !this.#over(); until += LOOK_EVERY_MS) {
      await clock.run(until + LOOK_EVERY_MS, settle)
    }
  }

  #over(): boolean {
    const engine = this.#engine
    if (engine === null || engine.figures().liveCalls > 0) return false
    if (engine.campaigns().some(({ status, why }) => status === 'running' && why !== 'noAgents')) return false
    return Object.keys(this.#scenario.agents ?? {}).every((agentId) => engine.agent(agentId)?.state !== 'wrapUp')
  }

  #received(): void {
    for (const [name, expected] of Object.entries(this.#scenario.expect?.received ?? {})) {
      const { telephony } = this.#ports
      const { received } = name.startsWith('+') ? telephony.phone(name) : telephony.agentPhone(name)
      if (received !== expected) this.remarks.push(`${name} received the digits ${received}, expected ${expected}`)
    }
  }

  async #restart(): Promise<void> {
    await this.#engine?.stop()
    this.#engine = await this.#stage.startEngine(this.#ports)
  }

  #call(number: string, plan: PersonCall): void {
    const { clock, telephony } = this.#ports
    const call = telephony.call(number, plan.to, { withheld: plan.withheld ?? false })
    if (call === undefined) {
      this.remarks.push(`${number} at ${plan.at}: is on the phone and cannot call`)
      return
    }
    for (const press of plan.presses ?? []) {
      const { afterAnswer } = press
      if (afterAnswer === undefined) this.#at(press.at ?? plan.at, () => call.press(press.digits))
      else call.onAnswer(() => void clock.wake(clock.now() + toMs(afterAnswer), () => call.press(press.digits)))
    }
    if (plan.hangsUpAt !== undefined) this.#at(plan.hangsUpAt, () => call.hangUp())
  }

  #pause(agentId: AgentId): PeopleCommand {
    return { type: 'agent.pause', by: 'agent', agentId, reason: this.#stage.pauseReason }
  }

  #agentDoes(agentId: AgentId, deed: AgentDoes): void {
    const { telephony } = this.#ports
    if (deed.do === 'hangUp') telephony.agentPhone(agentId).hangUp()
    else if (deed.do === 'losePhone' && deed.seconds === undefined) telephony.agentPhone(agentId).lose()
    else if (deed.do === 'losePhone') {
      telephony.attend(agentId, false)
      this.#at(deed.at + (deed.seconds ?? 0), () => telephony.attend(agentId, true))
    } else this.#do(`${agentId} at ${deed.at}`, async () => this.#agentCommand(agentId, deed), deed.refused)
  }

  #agentCommand(agentId: AgentId, deed: AgentDoes): PeopleCommand | string {
    const agent = this.#engine?.agent(agentId)
    const now = this.#ports.clock.now()
    return agentCommand(agentId, deed, {
      pauseReason: this.#stage.pauseReason,
      now,
      callId: agent?.matter?.callId,
      card: agent?.card?.callId,
    })
  }

  async #supervisorDoes(user: string, deed: SupervisorDoes): Promise<PeopleCommand | string> {
    const asking = { by: 'supervisor', user, number: deed.number, campaignId: null } as const
    if (deed.do === 'listDoNotCall') return { type: 'doNotCall.add', ...asking, source: 'page', until: null }
    if (deed.do === 'liftDoNotCall') return { type: 'doNotCall.remove', ...asking }
    const [entryId, ...others] = await this.#callbacksOf(deed.number)
    if (entryId === undefined) return `${deed.number} has no callback waiting`
    if (others.length > 0) return `${deed.number} has ${others.length + 1} callbacks waiting, and which is meant cannot be told`
    const note = deed.note === undefined ? {} : { note: deed.note }
    if (deed.do === 'callNow') return { type: 'callback.callNow', by: 'supervisor', user, entryId }
    return { type: 'entry.delete', by: 'supervisor', user, entryId, ...note }
  }

  /** Behind a switchboard, or in several queues, there may be more than one. */
  async #callbacksOf(number: string): Promise<readonly EntryId[]> {
    const person = await this.#stage.personWith(number)
    const entries = this.#stage.queues.flatMap((queueId) => this.#engine?.queue(queueId)?.entries ?? [])
    return entries.flatMap((entry) => (entry.kind === 'callback' && entry.person === person ? entry.entryId : []))
  }

  /** A sentence in place of a command: it could not even be asked. */
  #do(who: string, ask: () => Promise<PeopleCommand | string>, refused?: string): void {
    this.#after(async () => {
      const command = await ask()
      if (typeof command === 'string') this.remarks.push(`${who}: ${command}`)
      // Not waited for: its answer may need time to go on.
      else void this.#command(who, command, refused).catch((error: unknown) => this.remarks.push(`${who}: ${String(error)}`))
    })
  }

  async #command(who: string, command: PeopleCommand, refused?: string): Promise<void> {
    const answer = await this.#engine?.submit(command)
    const got = answer === undefined || answer.ok ? undefined : answer.refused
    if (got === refused) return
    this.remarks.push(
      `${who}: ${command.type} was ${got === undefined ? 'accepted' : `refused with ${got}`}, expected ${refused ?? 'to be accepted'}`,
    )
  }
}

/** Without a word about it a phone answers at once, unless the agent answers or rejects by hand. */
function agentBehaviours(agent: ScenarioAgent): readonly Behaviour[] {
  if (agent.whenCalled !== undefined) return agent.whenCalled.map(behaviourOf)
  if (agent.answersAfter !== undefined) return [{ answersAfterMs: toMs(agent.answersAfter) }]
  const byHand = agent.does?.some((deed) => deed.do === 'answer' || deed.do === 'reject') ?? false
  return [byHand ? { byHand } : { answersAfterMs: 0 }]
}
