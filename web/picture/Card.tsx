/** The card of one event: start, end, duration, who, why. The same for hover, focus and press. */
import type { Call, Event } from '#wire/calls.ts'
import type { Words } from '../parts/words.tsx'
import { clockLike, durationOf, msOf } from '../state/shown.ts'
import type { Times } from '../text/intl.tsx'
import { KindSample } from './Patterns.tsx'

export function EventCard(props: { call: Call; event: Event; n: number; now: number; words: Words; times: Times }) {
  const { call, event, n, now, words, times } = props
  const { t } = words
  const start = times.clock(msOf(event.startedAt))
  const end = event.endedAt === null ? t('picture.goesOn') : times.clock(msOf(event.endedAt))
  const isPoint = event.startedAt === event.endedAt
  const rows: [string, string][] = [
    [t('card.time'), isPoint ? start : `${start} – ${end}`],
    [t('card.duration'), isPoint ? '' : clockLike(durationOf(call, event, now))],
    [t('card.queue'), event.queue?.name ?? ''],
    [t('card.menu'), event.menu === undefined ? '' : words.menu(event.menu)],
    [t('card.choice'), event.choice ?? ''],
    [t('card.agents'), words.agents(event.agents)],
    [t('card.to'), event.to === undefined ? '' : event.to === null ? t('none') : words.party(event.to)],
    [t('card.attempts'), event.unanswered ? t('label.unanswered', { n: event.unanswered }) : ''],
    [t('card.who'), event.by === undefined ? '' : (event.byName ?? words.word('by', event.by))],
    [
      event.kind === 'deleted' ? t('card.why') : t('card.ended'),
      event.reason === undefined ? words.hungUp(call, event) : words.word('reason', event.reason),
    ],
    [t('card.note'), event.note ?? ''],
  ]
  return (
    <>
      <div className="row g2">
        <KindSample kind={event.kind} />
        <b>{t(`kind.${event.kind}`)}</b>
        <span className="grow" />
        <span className="faint">{t('card.of', { n, all: call.events.length })}</span>
      </div>
      <dl>
        {rows
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {event.learntAt !== undefined && <p className="learnt">{t('learnt.why', { time: times.clock(msOf(event.learntAt)) })}</p>}
    </>
  )
}
