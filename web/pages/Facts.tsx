/** What the journal says of a call, for the curious: a drawer beside the tables. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Call, Event, FactLine } from '#wire/calls.ts'
import { api } from '../api.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { useWords } from '../parts/words.tsx'
import { msOf } from '../state/shown.ts'

/** Ids last: they say least to a reader. */
const isId = (name: string): number => (name.endsWith('Id') || name.endsWith('Ids') ? 1 : 0)

const said = (line: FactLine): string =>
  Object.entries(line.fact)
    .sort(([a], [b]) => isId(a) - isId(b))
    .filter(([name, value]) => name !== 'type' && name !== 'callId' && value !== null && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' · ')

const isWithin = (line: FactLine, event: Event): boolean =>
  msOf(line.at) >= msOf(event.startedAt) && (event.endedAt === null || msOf(line.at) <= msOf(event.endedAt))

export function Facts({ call, chosen, onClose }: { call: Call; chosen: string | null; onClose: () => void }) {
  const { t } = useWords()
  const [only, setOnly] = useState(false)
  const facts = useQuery({
    queryKey: ['facts', call.id, call.version],
    queryFn: () => api.facts(call.id),
    placeholderData: (before) => before,
  })
  const index = call.events.findIndex((event) => event.id === chosen)
  const event = call.events[index]
  const lines = (facts.data ?? []).filter((line) => !only || event === undefined || isWithin(line, event))
  return (
    <aside className="card facts-drawer" aria-labelledby="facts-title">
      <div className="hd">
        <h2 id="facts-title">{t('facts.title')}</h2>
        <span className="faint s num">{t('facts.count', { n: lines.length })}</span>
        <span className="grow" />
        {event !== undefined && (
          <button type="button" className={only ? 'chip on' : 'chip'} aria-pressed={only} onClick={() => setOnly(!only)}>
            {t('facts.onlyEvent', { n: index + 1 })}
          </button>
        )}
        <button type="button" className="btn ghost sq" aria-label={t('facts.hide')} onClick={onClose}>
          <Icon name="cross" />
        </button>
      </div>
      {facts.data === undefined ? (
        facts.error === null ? (
          <Notice busy>{t('state.loading')}</Notice>
        ) : (
          <Trouble error={facts.error} retry={() => void facts.refetch()} />
        )
      ) : (
        <section className="facts-scroll" aria-label={t('facts.sub')}>
          <table className="facts">
            <caption className="vh">{t('facts.sub')}</caption>
            <tbody>
              {lines.map((line) => (
                <tr key={line.position}>
                  <td className="tm n">{((msOf(line.at) - msOf(call.startedAt)) / 1000).toFixed(3)}</td>
                  <td className="ty">{line.type}</td>
                  <td className="pl" title={said(line)}>
                    {said(line)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </aside>
  )
}
