/** The whole live picture, for a snapshot and for single questions about queues, callbacks and agents. */
import type { Campaign } from '#wire/campaigns.ts'
import type { Agent, Alarm, LiveState, Queue, WaitingEntry } from '#wire/live.ts'
import type { HttpDeps } from './deps.ts'
import { contactsOnDesks } from './desk-contacts.ts'
import { agentOf, alarmOf, type CampaignName, entryOf, join, named, queueOf } from './present.ts'
import { campaignOf, linesOf } from './present-campaigns.ts'
import { workOf } from './present-figures.ts'

export async function liveState(deps: HttpDeps, users: ReadonlyMap<string, string>): Promise<LiveState> {
  const { engine } = deps
  const solution = engine.solution()
  const queues = Object.keys(solution.queues).flatMap((id) => engine.queue(id) ?? [])
  const agents = Object.keys(solution.agents).flatMap((id) => engine.agent(id) ?? [])
  const joined = await join(deps.persons, solution, users, [], named(queues, agents))
  const [show, campaigns, alarms] = await Promise.all([contactsOnDesks(deps, agents), campaignsNow(deps), alarmsNow(deps)])
  return {
    queues: queues.map((queue) => queueOf(joined, queue)),
    agents: agents.map((agent) => agentOf(joined, agent, deps.phones.answersFromDesk(agent.id), show)),
    alarms,
    campaigns,
    liveCalls: engine.figures().liveCalls,
  }
}

/** Alarms that stand; one about a call with whose call it is, by which it is seen or not. */
export const alarmsNow = ({ engine, archive }: HttpDeps): Promise<Alarm[]> =>
  Promise.all(engine.alarms().map(async (alarm) => alarmOf(alarm, alarm.callId === undefined ? null : await archive.story(alarm.callId))))

/** Campaigns by their names, for the queues of calls. */
export const campaignNames =
  ({ campaigns }: HttpDeps): CampaignName =>
  (id) =>
    campaigns.campaign(id)?.settings.name

/** Campaigns as they stand. */
export async function campaignsNow(deps: HttpDeps): Promise<Campaign[]> {
  const all = deps.campaigns.campaigns()
  const numberOf = await linesOf(deps.persons, all)
  return all.map((live) => campaignOf(live, workNow(deps, live.id), numberOf))
}

const workNow = ({ figures, campaigns, clock }: HttpDeps, id: string) => workOf(figures.now(id), campaigns.day()?.from ?? null, clock.now())

/** One campaign as it stands; null where there is none of that id. */
export async function campaignNow(deps: HttpDeps, id: string): Promise<Campaign | null> {
  const live = deps.campaigns.campaign(id)
  return live === undefined ? null : campaignOf(live, workNow(deps, id), await linesOf(deps.persons, [live]))
}

/** One queue as it stands; null where the solution has none of that id. */
export async function queueNow(deps: HttpDeps, id: string): Promise<Queue | null> {
  const live = deps.engine.queue(id)
  if (live === undefined) return null
  return queueOf(await join(deps.persons, deps.engine.solution(), new Map(), [], named([live], [])), live)
}

export async function agentNow(deps: HttpDeps, id: string): Promise<Agent | null> {
  const live = deps.engine.agent(id)
  if (live === undefined) return null
  const joined = await join(deps.persons, deps.engine.solution(), new Map(), [], named([], [live]))
  return agentOf(joined, live, deps.phones.answersFromDesk(id), await contactsOnDesks(deps, [live]))
}

/** Callbacks of every queue, in the order of the queues and of their lines. */
export async function callbacksNow(deps: HttpDeps): Promise<WaitingEntry[]> {
  const { engine, persons } = deps
  const solution = engine.solution()
  const entries = Object.keys(solution.queues).flatMap((id) => engine.queue(id)?.entries.filter(({ kind }) => kind === 'callback') ?? [])
  const joined = await join(persons, solution, new Map(), [], entries)
  return entries.map((entry) => entryOf(joined, entry))
}
