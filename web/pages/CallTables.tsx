/** The story and the parties as tables: they say all that the picture says. */

import type { Call, Event, Leg } from '#wire/calls.ts'
import { ScrollCard } from '../parts/ScrollCard.tsx'
import { useWords, type Words } from '../parts/words.tsx'
import { KindSample } from '../picture/Patterns.tsx'
import { answeredOf, clockLike, durationOf, holdOf, msOf, offsetLike, offsetOf, rangOf } from '../state/shown.ts'
import { useTimes } from '../text/intl.tsx'

const Dash = () => <span className="faint">–</span>
const orDash = (text: string) => (text === '' ? <Dash /> : text)
const timeOrDash = (seconds: number | null) => (seconds === null ? <Dash /> : clockLike(seconds))

function Learnt({ at, words }: { at: string | undefined; words: Words }) {
  return at === undefined ? null : <span className="badge warn learnt-badge">{words.learnt(at)}</span>
}

export function StoryTable(props: { call: Call; now: number; chosen: string | null; choose: (eventId: string) => void }) {
  const { call, now, chosen, choose } = props
  const words = useWords()
  const times = useTimes()
  const { t } = words
  const row = (event: Event, i: number) => (
    <tr key={event.id} id={event.id} className={event.id === chosen ? 'sel' : ''} data-kind={event.kind} onClick={() => choose(event.id)}>
      <td className="n num faint">{i + 1}</td>
      <td className="nowrap">
        <button type="button" className="bare row g2" aria-pressed={event.id === chosen}>
          <KindSample kind={event.kind} />
          <b className={event.kind === 'deleted' ? 'red' : ''}>{t(`kind.${event.kind}`)}</b>
        </button>
      </td>
      <td className="num">{times.clock(msOf(event.startedAt))}</td>
      <td className="n num faint">{offsetLike(offsetOf(call, msOf(event.startedAt)))}</td>
      <td className="n num b">{clockLike(durationOf(call, event, now))}</td>
      <td>{orDash(words.where(event))}</td>
      <td>
        {orDash(
          [words.agents(event.agents), event.queue !== undefined && event.to ? words.party(event.to) : '']
            .filter((part) => part !== '')
            .join(', '),
        )}
      </td>
      <td>
        {event.endedAt === null ? (
          <span className="badge acc">
            <span className="dot live-dot small" />
            {t('picture.goesOn')}
          </span>
        ) : (
          orDash(words.why(call, event))
        )}
        {event.endedAt === null && event.unanswered ? ` ${t('label.unanswered', { n: event.unanswered })}` : ''}
        <Learnt at={event.learntAt} words={words} />
      </td>
    </tr>
  )
  return (
    <ScrollCard labelledBy="story-title">
      <div className="hd">
        <h2 id="story-title">{t('story.title')}</h2>
      </div>
      {call.events.length === 0 ? (
        <p className="bd muted">{t('story.empty')}</p>
      ) : (
        <table className="story">
          <thead>
            <tr>
              <th className="n">#</th>
              <th>{t('story.kind')}</th>
              <th>{t('story.start')}</th>
              <th className="n">{t('story.offset')}</th>
              <th className="n">{t('story.duration')}</th>
              <th>{t('story.where')}</th>
              <th>{t('story.agents')}</th>
              <th>{t('story.why')}</th>
            </tr>
          </thead>
          <tbody>{call.events.map(row)}</tbody>
        </table>
      )}
    </ScrollCard>
  )
}

export function PartiesTable({ call, now }: { call: Call; now: number }) {
  const words = useWords()
  const times = useTimes()
  const { t } = words
  const row = (leg: Leg) => {
    const hold = holdOf(call, leg, now)
    return (
      <tr key={leg.id}>
        <td className="b nowrap">
          {leg.agentId === undefined ? words.word('party', leg.party) : words.agent(leg.agentId)}
          {leg.attempt !== undefined && <span className="faint s"> {t('extra.attempt', { n: leg.attempt })}</span>}
        </td>
        <td className="num muted nowrap">{leg.party === 'agent' && !leg.number ? <Dash /> : words.number(leg)}</td>
        <td className="num">{times.clock(msOf(leg.requestedAt))}</td>
        <td className="n num">{timeOrDash(rangOf(call, leg, now))}</td>
        <td className="n num">{timeOrDash(answeredOf(call, leg, now))}</td>
        <td className="n num">{timeOrDash(hold === 0 ? null : hold)}</td>
        <td>
          {words.ending(leg)}
          {leg.reconciled === true && `, ${t('reconciled')}`} <Learnt at={leg.learntAt} words={words} />
        </td>
      </tr>
    )
  }
  return (
    <ScrollCard labelledBy="parties-title">
      <div className="hd">
        <h2 id="parties-title">{t('parties.title')}</h2>
      </div>
      {call.legs.length === 0 ? (
        <p className="bd muted">{t('parties.none')}</p>
      ) : (
        <table className="tight">
          <thead>
            <tr>
              <th>{t('parties.party')}</th>
              <th>{t('parties.number')}</th>
              <th>{t('parties.start')}</th>
              <th className="n">{t('parties.rang')}</th>
              <th className="n">{t('parties.answered')}</th>
              <th className="n">{t('parties.hold')}</th>
              <th>{t('parties.ended')}</th>
            </tr>
          </thead>
          <tbody>{call.legs.map(row)}</tbody>
        </table>
      )}
    </ScrollCard>
  )
}
