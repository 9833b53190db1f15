/** How a call's facts are said in words, the same on every page. */
import type { Call, Event, Leg } from '#wire/calls.ts'
import type { Lane } from '../picture/lanes.ts'
import { endingOf } from '../picture/lanes.ts'
import type { PictureWords } from '../picture/layout.ts'
import { clockLike, msOf } from '../state/shown.ts'
import { endedBy } from '../state/story.ts'
import { type Text, useNumbers, useText, useTimes, type WordOf } from '../text/intl.tsx'
import { useNames } from './session.tsx'

export interface Words {
  readonly t: Text
  readonly word: WordOf
  number: (of: { number?: string | null; withheld?: boolean; erased?: boolean }) => string
  caller: (call: Call) => string
  /** `agent:anna` or a number. */
  party: (party: string | null) => string
  agents: (ids: readonly string[]) => string
  agent: (id: string) => string
  /** As the solution calls it; Samtal’s own prompts in the reader’s language. */
  menu: (menu: NonNullable<Event['menu']>) => string
  /** Whom to ask for behind a switchboard; digits are an extension. Empty: nobody. */
  askFor: (who: string | undefined) => string
  /** Queue, menu or outside number an event is about. */
  where: (event: Event) => string
  by: (event: Event) => string
  /** Why it ended or was taken away, the choice, the note and the label, joined. */
  why: (call: Call, event: Event) => string
  /** Who hung up at the end of a conversation. */
  hungUp: (call: Call, event: Event) => string
  learnt: (at: string) => string
  ending: (leg: Leg) => string
  lane: (lane: Lane) => { title: string; sub: string }
}

export function useWords(): Words {
  const { t, word } = useText()
  const names = useNames()
  const format = useNumbers()
  const times = useTimes()
  const number: Words['number'] = ({ number, withheld, erased }) =>
    erased ? t('number.erased') : withheld ? t('number.withheld') : number === null || number === undefined ? t('none') : format(number)
  const menu: Words['menu'] = ({ id, name }) => (name === id ? word('menu', id) : name)
  const askFor: Words['askFor'] = (who) =>
    who === undefined ? '' : t('askFor', { who: /^[0-9]+$/.test(who) ? t('askFor.extension', { digits: who }) : who })
  const by = (event: Event) =>
    event.by === undefined ? '' : t('extra.by', { who: event.byName === undefined ? word('by', event.by) : event.byName })
  const hungUp = (call: Call, event: Event) => {
    const leg = endedBy(call, event)
    if (leg === undefined) return ''
    const who = leg.agentId === undefined ? word('party', leg.party) : names.agent(leg.agentId)
    return t(leg.by === 'network' ? 'ended.lost' : 'ended.hungUp', { who })
  }
  const why = (call: Call, event: Event) =>
    [
      event.choice === undefined ? '' : t('choice', { digit: event.choice }),
      event.reason === undefined || (event.reason === event.by && event.byName !== undefined) ? '' : word('reason', event.reason),
      hungUp(call, event),
      event.unanswered ? t('label.unanswered', { n: event.unanswered }) : '',
      event.kind === 'deleted' ? by(event) : '',
      event.note === undefined ? '' : `”${event.note}”`,
    ]
      .filter((part) => part !== '')
      .join(', ')
  const ending = (leg: Leg) =>
    [word('outcome', endingOf(leg)), leg.notCounted === undefined ? '' : t('notCounted', { why: word('notCounted', leg.notCounted) })]
      .filter((part) => part !== '')
      .join(', ')
  const lane = (one: Lane) => {
    if (one.agentId === undefined) return { title: number(one), sub: word('party', one.party) }
    const answered = one.legs.some(({ leg }) => leg.answeredAt !== null)
    const attempts = [...new Set(one.legs.flatMap(({ leg }) => leg.attempt ?? []))].join(', ')
    const sub = !answered ? t('party.agent.rungOnly') : attempts === '' ? t('party.agent') : t('party.agent.attempt', { n: attempts })
    return { title: names.agent(one.agentId), sub }
  }
  return {
    t,
    word,
    number,
    caller: (call) =>
      number({ number: call.callerNumber, ...(call.withheld ? { withheld: true } : {}), ...(call.erased ? { erased: true } : {}) }),
    party: (party) => (party === null ? t('none') : party.startsWith('agent:') ? names.agent(party.slice(6)) : format(party)),
    agents: (ids) => ids.map(names.agent).join(', '),
    agent: names.agent,
    menu,
    askFor,
    where: (event) =>
      event.queue?.name ??
      (event.menu === undefined ? (event.to === undefined || event.to === null ? '' : format(event.to)) : menu(event.menu)),
    by,
    why,
    hungUp,
    learnt: (at) => t('learnt', { time: times.clock(msOf(at)) }),
    ending,
    lane,
  }
}

export function usePictureWords(): PictureWords {
  const words = useWords()
  const { t, word } = words
  return {
    kind: (kind) => t(`kind.${kind}`),
    unanswered: (n) => t('label.unanswered', { n }),
    duration: clockLike,
    attempt: (n, ending) => t('picture.attempt', { n, outcome: word('outcome', ending) }),
    ending: (ending) => word('outcome', ending),
    lane: words.lane,
    detail: (event) => (event.agents.length > 0 ? words.agents(event.agents) : words.where(event)),
    by: words.by,
  }
}
