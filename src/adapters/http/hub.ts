/**
 * The stream behind every open page: a snapshot, then each change with its `seq`, no more of it than the account may see. A snapshot
 * again where another solution is taken: names, and who sees numbers whole, may be others now.
 * Changes are gathered for a moment and built once for all pages; a page that was away a short while gets what it missed.
 */
import type { Story } from '#core/archive/story.ts'
import type { AgentId, CallId, QueueId } from '#core/kernel/kernel.ts'
import type { LiveState, StreamMessage } from '#wire/live.ts'
import type { HttpDeps } from './deps.ts'
import { contactsOnDesks } from './desk-contacts.ts'
import type { MaskNow } from './list-file.ts'
import { alarmsNow, campaignNames, campaignsNow, liveState } from './live.ts'
import type { Masking } from './masking.ts'
import { agentOf, callOf, iso, isoOrNull, join, named, queueOf } from './present.ts'
import { type Scope, viewOfMessage } from './scope.ts'
import type { UserNames } from './users.ts'

/** Changes kept for pages that come back. */
const KEPT_MAX = 1000
/** Gathered at least so long; longer where building takes long, so that the engine keeps most of the time. */
const GATHER_MS = 20
const GATHER_MS_MAX = 100
const TICK_MS = 5000
/** Figures of a campaign change with every call of it: pages are told so often at most. */
const CAMPAIGNS_MS = 1000
/** A command line may have ended one. */
const SESSION_CHECK_MS = 5_000
/** A page that reads slower than this is cut off; it comes back and starts from a snapshot. */
const UNREAD_BYTES_MAX = 4 * 1024 * 1024
export const STREAMS_MAX = 500
export const STREAMS_PER_SESSION_MAX = 12

/** Where messages of one page go. */
export interface Sink {
  write(text: string): void
  /** Bytes written and not yet read. */
  unread(): number
  /** When all that was written is read. */
  end(): void
  /** At once: whoever does not read would keep it open, and what was written in memory, for as long as he likes. */
  cut(): void
}

interface Page {
  readonly scope: Scope
  /** Asked at each message: the solution may change while a page is open. */
  readonly mask: MaskNow
  readonly user: string
  /** The agent whose desk it may be. */
  readonly agentId: string | null
  readonly tokenHash: string
  readonly sink: Sink
}

const eventText = (message: StreamMessage): string => `id: ${message.seq}\ndata: ${JSON.stringify(message)}\n\n`

type Change = { readonly [K in StreamMessage['type']]: Omit<Extract<StreamMessage, { type: K }>, 'seq' | 'at'> }[StreamMessage['type']]

export class Hub {
  readonly #deps: HttpDeps
  readonly #users: UserNames
  readonly #lives: (tokenHash: string) => Promise<boolean>
  readonly #masking: Pick<Masking, 'ready'>
  readonly #pages = new Set<Page>()
  readonly #joining: { readonly page: Page; readonly lastId: number | null }[] = []
  readonly #stops: (() => void)[] = []
  #queues = new Set<QueueId>()
  #agents = new Set<AgentId>()
  #alarms = false
  /** Another solution is in force, and pages have not been told. */
  #isOtherSolution = false
  #stories = new Map<CallId, Story>()
  #kept: StreamMessage[] = []
  #seq: number
  /** Everything after this is in `#kept`. */
  #floor: number
  #turn: NodeJS.Timeout | null = null
  /** Stories are listened to only while a page is open. */
  #unlisten: (() => void) | null = null
  #building = false
  /** Campaigns as pages were told of them last, by id. */
  #campaigns = new Map<string, string>()
  #lookAtCampaigns = false
  #restMs = GATHER_MS

  constructor(deps: HttpDeps, users: UserNames, masking: Pick<Masking, 'ready'>, lives: (tokenHash: string) => Promise<boolean>) {
    this.#deps = deps
    this.#masking = masking
    this.#users = users
    this.#lives = lives
    // Beyond any seq of the process before: a page that comes back after a restart is given a snapshot.
    this.#seq = deps.clock.now()
    this.#floor = this.#seq
    this.#stops.push(
      deps.engine.onCommit((commit) => {
        for (const id of commit.queues) this.#queues.add(id)
        for (const id of commit.agents) this.#agents.add(id)
        this.#alarms ||= commit.alarms
        this.#isOtherSolution ||= commit.facts.some(({ fact }) => fact.type === 'solution.taken')
        if (commit.queues.size > 0 || commit.agents.size > 0 || commit.alarms || this.#isOtherSolution) this.#soon()
      }),
    )
    this.#stops.push(
      deps.forgetting.onErased((stories) => {
        // What is kept for pages that come back names them still.
        this.#forget()
        if (this.#unlisten !== null) for (const story of stories) this.#stories.set(story.id, story)
        this.#soon()
      }),
    )
    const ticking = setInterval(() => this.#tick(), TICK_MS).unref()
    const looking = setInterval(() => {
      this.#lookAtCampaigns = this.#pages.size > 0
      if (this.#lookAtCampaigns) this.#soon()
    }, CAMPAIGNS_MS).unref()
    const checking = setInterval(() => void this.#checkSessions(), SESSION_CHECK_MS).unref()
    this.#stops.push(
      () => clearInterval(ticking),
      () => clearInterval(looking),
      () => clearInterval(checking),
    )
  }

  get size(): number {
    return this.#everyPage().size
  }

  /** One that is given a snapshot again is in both places meanwhile. */
  #everyPage(): Set<Page> {
    return new Set([...this.#pages, ...this.#joining.map(({ page }) => page)])
  }

  /** Whether another page of this session may be opened. */
  hasRoom(tokenHash: string): boolean {
    const own = [...this.#everyPage()].filter((page) => page.tokenHash === tokenHash)
    return this.size < STREAMS_MAX && own.length < STREAMS_PER_SESSION_MAX
  }

  /** Whether somebody who works as this agent has a page open. */
  atDesk(agentId: AgentId): boolean {
    return [...this.#pages].some((page) => page.agentId === agentId)
  }

  /** Begins a page's stream: what it missed since `lastId`, or a snapshot. Returns how to leave. */
  open(page: Page, lastId: number | null): () => void {
    this.#joining.push({ page, lastId })
    this.#unlisten ??= this.#deps.onStories((stories) => {
      for (const story of stories) this.#stories.set(story.id, story)
      if (stories.length > 0) this.#soon()
    })
    this.#soon()
    return () => {
      this.#pages.delete(page)
      const index = this.#joining.findIndex((one) => one.page === page)
      if (index >= 0) this.#joining.splice(index, 1)
    }
  }

  /** Ends the pages of a session that is over. */
  endSession(tokenHash: string): void {
    for (const page of this.#pages) if (page.tokenHash === tokenHash) this.#drop(page)
  }

  /** Ends every page of a user, but those of one session: his rights are others now, or he is signed out. */
  endUser(user: string, but?: string): void {
    for (const page of this.#everyPage()) if (page.user === user && page.tokenHash !== but) this.#drop(page)
  }

  /** Ends the pages of a user whose sessions are over. */
  async endOver(user: string): Promise<void> {
    for (const page of this.#everyPage()) if (page.user === user && !(await this.#lives(page.tokenHash))) this.#drop(page)
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#unlisten?.()
    if (this.#turn !== null) clearTimeout(this.#turn)
    for (const page of this.#everyPage()) this.#drop(page)
    this.#joining.length = 0
  }

  #drop(page: Page): void {
    this.#pages.delete(page)
    page.sink.end()
  }

  #soon(): void {
    if (this.#turn !== null || this.#building) return
    this.#turn = setTimeout(() => {
      this.#turn = null
      void this.#build()
    }, this.#restMs).unref()
  }

  async #build(): Promise<void> {
    this.#building = true
    const startedAt = performance.now()
    try {
      await this.#masking.ready()
      await this.#changes()
      this.#startAnew()
      await this.#welcome()
    } catch (error) {
      // What was gathered may be lost: every page starts anew from a snapshot.
      this.#deps.log('error', 'the stream could not be built', { error: String(error) })
      this.#forget()
      for (const page of this.#pages) this.#drop(page)
    } finally {
      this.#building = false
      this.#restMs = Math.min(GATHER_MS_MAX, Math.max(GATHER_MS, 3 * (performance.now() - startedAt)))
    }
    const more =
      this.#joining.length > 0 ||
      this.#lookAtCampaigns ||
      this.#isOtherSolution ||
      this.#queues.size > 0 ||
      this.#agents.size > 0 ||
      this.#alarms ||
      this.#stories.size > 0
    if (more) this.#soon()
  }

  #rest(): void {
    this.#unlisten?.()
    this.#unlisten = null
  }

  /** With nobody listening nothing is built; whoever comes is given a snapshot. */
  #forget(): void {
    this.#seq += 1
    this.#floor = this.#seq
    this.#kept = []
  }

  /** What pages were told is no longer what they may see: all is told anew, and to those that come back too. */
  #startAnew(): void {
    if (!this.#isOtherSolution) return
    this.#isOtherSolution = false
    this.#forget()
    for (const page of this.#pages) this.#joining.push({ page, lastId: null })
  }

  async #changes(): Promise<void> {
    const queues = [...this.#queues]
    const agents = [...this.#agents]
    const stories = [...this.#stories.values()]
    const alarms = this.#alarms
    this.#queues = new Set()
    this.#agents = new Set()
    this.#stories = new Map()
    this.#alarms = false
    if (this.#pages.size === 0) {
      if (this.#joining.length === 0) this.#rest()
      return this.#forget()
    }
    const { engine, persons } = this.#deps
    const liveQueues = queues.flatMap((id) => engine.queue(id) ?? [])
    const liveAgents = agents.flatMap((id) => engine.agent(id) ?? [])
    const joined = await join(
      persons,
      engine.solution(),
      await this.#users.names(),
      stories,
      named(liveQueues, liveAgents),
      campaignNames(this.#deps),
    )
    for (const queue of liveQueues) this.#tell({ type: 'queue', queue: queueOf(joined, queue) })
    const show = await contactsOnDesks(this.#deps, liveAgents)
    for (const agent of liveAgents)
      this.#tell({ type: 'agent', agent: agentOf(joined, agent, this.#deps.phones.answersFromDesk(agent.id), show) })
    // Who may see one about a call changes with the queues it comes into.
    const standing = new Set(engine.alarms().map(({ callId }) => callId))
    if (alarms || stories.some(({ id }) => standing.has(id))) this.#tell({ type: 'alarms', alarms: await alarmsNow(this.#deps) })
    for (const story of stories) this.#tell({ type: 'call', call: callOf(joined, story) })
    if (this.#lookAtCampaigns) await this.#tellCampaigns()
  }

  /** Those that look different now, and those that are gone. */
  async #tellCampaigns(): Promise<void> {
    this.#lookAtCampaigns = false
    const before = this.#campaigns
    this.#campaigns = new Map()
    for (const campaign of await campaignsNow(this.#deps)) {
      const text = JSON.stringify(campaign)
      if (before.get(campaign.id) !== text) this.#tell({ type: 'campaign', campaign })
      this.#campaigns.set(campaign.id, text)
    }
    for (const id of before.keys()) if (!this.#campaigns.has(id)) this.#tell({ type: 'campaignRemoved', id })
  }

  #tell(change: Change): void {
    this.#seq += 1
    const message = { ...change, seq: this.#seq, at: iso(this.#deps.clock.now()) } as StreamMessage
    this.#kept.push(message)
    if (this.#kept.length > KEPT_MAX) this.#floor = this.#kept.shift()?.seq ?? this.#floor
    const texts = new Map<Scope, string>()
    for (const page of this.#pages) this.#send(page, message, texts)
  }

  #send(page: Page, message: StreamMessage, texts = new Map<Scope, string>()): void {
    const known = texts.get(page.scope)
    const view = known === undefined ? viewOfMessage(page.scope, message) : message
    if (view === null) return
    const mask = page.mask()
    const text = known ?? eventText(mask === null ? view : mask(view))
    texts.set(page.scope, text)
    page.sink.write(text)
    if (page.sink.unread() <= UNREAD_BYTES_MAX) return
    this.#pages.delete(page)
    page.sink.cut()
  }

  async #welcome(): Promise<void> {
    if (this.#joining.length === 0) return
    let live: LiveState | null = null
    for (const { lastId } of this.#joining) {
      if (lastId === null || lastId < this.#floor || lastId > this.#seq) live ??= await liveState(this.#deps, await this.#users.names())
    }
    for (const campaign of live?.campaigns ?? []) if (!this.#campaigns.has(campaign.id)) this.#campaigns.set(campaign.id, '')
    const at = iso(this.#deps.clock.now())
    for (const { page, lastId } of this.#joining.splice(0)) {
      this.#pages.add(page)
      const missed = lastId !== null && lastId >= this.#floor && lastId <= this.#seq
      if (missed) for (const message of this.#kept) if (message.seq > lastId) this.#send(page, message)
      if (!missed && live !== null) this.#send(page, { type: 'snapshot', seq: this.#seq, at, live })
      this.#send(page, this.#tickFor(page))
    }
  }

  #tick(): void {
    for (const page of this.#pages) this.#send(page, this.#tickFor(page))
  }

  #tickFor({ agentId }: Page): StreamMessage {
    const { clock, phones } = this.#deps
    const phone = agentId === null ? {} : { phoneSeenAt: isoOrNull(phones.phoneSeenAt(agentId)) }
    return { type: 'tick', seq: this.#seq, at: iso(clock.now()), ...phone }
  }

  async #checkSessions(): Promise<void> {
    try {
      for (const tokenHash of new Set([...this.#pages].map((page) => page.tokenHash))) {
        if (!(await this.#lives(tokenHash))) this.endSession(tokenHash)
      }
    } catch (error) {
      this.#deps.log('warn', 'sessions of open pages could not be checked', { error: String(error) })
    }
  }
}
