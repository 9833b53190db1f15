/**
 * Random calls for the property tests: a walk through an inbound call (menus, queue, ordering, callback attempts, consults, transfers, a
 * lost phone), one step per number drawn. Lawful as calls; what their stories must keep is the tests' matter.
 */
import type { Fact, Recorded } from '../../facts.ts'
import {
  answers,
  arrives,
  callEnds,
  chooses,
  consulting,
  enters,
  hangsUp,
  held,
  inbound,
  isDeleted,
  isHungUp,
  isLost,
  isReady,
  joinsQueue,
  leavesMenu,
  leavesQueue,
  marksVoicemail,
  ordered,
  ordering,
  orderLeft,
  phoneLost,
  requeued,
  resumed,
  rings,
  ringsAgent,
  ringsCustomer,
  ringsOut,
  T0,
  talking,
  tried,
  tries,
  wrapsUp,
} from './script.ts'

/** Which way to go, and how long after the step before, in milliseconds. */
export interface Step {
  readonly way: number
  readonly gapMs: number
}

type Place =
  | 'menu'
  | 'queue'
  | 'ordering'
  | 'exit'
  | 'talk'
  | 'consultRung'
  | 'consult'
  | 'conference'
  | 'lost'
  | 'waiting'
  | 'ownRung'
  | 'dialling'
  | 'reached'
  | 'over'

const ATTEMPTS_MAX = 3

class Walk {
  place: Place = 'menu'
  attempt = 0
  line = 'line'
  own = ''
  other = ''
  #legs = 0

  leg(): string {
    this.#legs += 1
    return `leg-${this.#legs}`
  }

  go(place: Place, ...facts: readonly Fact[]): readonly Fact[] {
    this.place = place
    return facts
  }

  step(way: number): readonly Fact[] {
    switch (this.place) {
      case 'menu':
        return way < 8
          ? this.go('queue', chooses('main', '1'), joinsQueue('support'))
          : this.go('over', hangsUp('line'), leavesMenu('main', 'hungUp'), callEnds())
      case 'queue':
      case 'ordering':
      case 'exit':
        return this.#waiting(way)
      case 'talk':
      case 'consultRung':
      case 'consult':
      case 'conference':
      case 'lost':
        return this.#talking(way)
      case 'waiting':
      case 'ownRung':
      case 'dialling':
      case 'reached':
        return this.#callback(way)
      case 'over':
        return []
    }
  }

  #waiting(way: number): readonly Fact[] {
    if (this.place === 'exit') return this.go('over', leavesMenu('sorry'), isHungUp('line'), callEnds())
    if (this.place === 'ordering') {
      if (way < 2) return this.go('queue', chooses('callback.readBack', '*'), orderLeft())
      if (way < 4) {
        return this.go('over', hangsUp('line'), leavesMenu('callback.readBack', 'hungUp'), leavesQueue('support', 'hungUp'), callEnds())
      }
      return this.go('waiting', chooses('callback.readBack', '1'), ordered(ATTEMPTS_MAX), isHungUp('line'))
    }
    if (way < 4) return this.go('ordering', ordering(), enters('callback.readBack', 'ordering', 'line'))
    if (way < 5) return this.go('over', hangsUp('line'), leavesQueue('support', 'hungUp'), callEnds())
    if (way < 6) return this.go('exit', leavesQueue('support', 'timedOut'), enters('sorry', 'message', 'line'))
    this.own = this.leg()
    const welcome = way > 8 ? [enters('welcome', 'message', 'line', this.own)] : []
    const over = welcome.length === 0 ? [] : [leavesMenu('welcome')]
    return this.go(
      'talk',
      ringsAgent(this.own, 'anna', { entryId: 'entry-1' }),
      answers(this.own),
      talking('line', this.own),
      ...welcome,
      leavesQueue('support', 'answered'),
      ...over,
    )
  }

  #talking(way: number): readonly Fact[] {
    const { own, other, line } = this
    switch (this.place) {
      case 'consultRung':
        if (way < 4) return this.go('talk', ringsOut(other), resumed(line))
        return this.go('consult', answers(other), consulting(own, other))
      case 'consult':
        if (way < 3) return this.go('talk', hangsUp(other), resumed(line), talking(line, own))
        if (way < 6) return this.go('conference', resumed(line), talking(line, own, other))
        this.own = other
        return this.go('talk', resumed(line), talking(line, other), isHungUp(own))
      case 'conference':
        if (way < 5) return this.go('talk', hangsUp(other))
        this.own = other
        return this.go('talk', hangsUp(own))
      case 'lost':
        return this.go('talk', answers(own), talking(line, own))
      default:
        if (way < 4) {
          this.other = this.leg()
          return this.go('consultRung', held(line), ringsAgent(this.other, 'bo', { purpose: 'consult' }), rings(this.other))
        }
        if (way < 6) {
          this.own = this.leg()
          return this.go('lost', isLost(own), phoneLost(own, 'anna'), ringsAgent(this.own, 'anna', { purpose: 'rungBack' }))
        }
        return this.go('over', hangsUp(line), isHungUp(own), wrapsUp('anna'), callEnds(), isReady('anna'))
    }
  }

  #callback(way: number): readonly Fact[] {
    const { own, line, attempt } = this
    switch (this.place) {
      case 'waiting':
        if (way < 1) return this.go('over', isDeleted('support', 'supervisor', 'supervisor'), callEnds())
        this.attempt += 1
        this.own = this.leg()
        return this.go('ownRung', tries(this.attempt, 'anna'), ringsAgent(this.own, 'anna', { attempt: this.attempt }), rings(this.own))
      case 'ownRung':
        if (way < 2) {
          this.attempt -= 1
          return this.go('waiting', ringsOut(own), tried(attempt, 'withdrawn', 'front', 'agentNoAnswer'))
        }
        this.line = this.leg()
        return this.go('dialling', answers(own), ringsCustomer(this.line, attempt), rings(this.line))
      case 'dialling':
        if (way < 5) return this.#inVain()
        if (attempt < ATTEMPTS_MAX && way < 8) return this.go('reached', answers(line), talking(line, own))
        return this.go('talk', answers(line), talking(line, own), tried(attempt, 'answered', 'close'), leavesQueue('support', 'answered'))
      default:
        return this.go(
          'waiting',
          marksVoicemail(line, 'anna', true),
          isHungUp(line),
          isHungUp(own),
          tried(attempt, 'answered', 'pause'),
          requeued('end'),
        )
    }
  }

  #inVain(): readonly Fact[] {
    const last = this.attempt >= ATTEMPTS_MAX
    const ends = [ringsOut(this.line), tried(this.attempt, 'unanswered', last ? 'close' : 'pause'), isHungUp(this.own)]
    return last ? this.go('over', ...ends, leavesQueue('support', 'unreached'), callEnds()) : this.go('waiting', ...ends, requeued('end'))
  }
}

/** The facts of the call the steps lead through, as long as they last; a call not over then is live. */
export function walked(steps: readonly Step[]): Recorded[] {
  const facts: Recorded[] = []
  const walk = new Walk()
  let now = T0
  const record = (list: readonly Fact[]) => {
    for (const fact of list) facts.push({ position: 10 + 3 * facts.length, at: now, fact })
  }
  record([inbound(), arrives('line'), answers('line'), enters('main', 'menu', 'line')])
  for (const { way, gapMs } of steps) {
    now += gapMs
    record(walk.step(way))
  }
  return facts
}
