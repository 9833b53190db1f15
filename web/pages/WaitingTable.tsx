/** Who waits, on the line and off it, with what a supervisor may do about it. */

import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Queue, WaitingEntry } from '#wire/live.ts'
import { api } from '../api.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Notice } from '../parts/Notice.tsx'
import { useOnce } from '../parts/once.ts'
import { ScrollCard } from '../parts/ScrollCard.tsx'
import { useWords, type Words } from '../parts/words.tsx'
import { KindSample } from '../picture/Patterns.tsx'
import { type WaitingRow, waitingRows } from '../state/board.ts'
import { clockLike, msOf } from '../state/shown.ts'
import { type Times, useTimes } from '../text/intl.tsx'

const whoOf = (entry: WaitingEntry, words: Words): string =>
  [
    words.number({ number: entry.number, ...(entry.withheld ? { withheld: true } : {}), ...(entry.erased ? { erased: true } : {}) }),
    entry.name,
    words.askFor(entry.askFor),
  ]
    .filter((part) => part !== undefined && part !== null && part !== '')
    .join(' ')

const placeOf = (entry: WaitingEntry, words: Words, times: Times): string => {
  const { t } = words
  const time = entry.until === undefined || entry.until === null ? '–' : times.clock(msOf(entry.until))
  const agent = entry.offeredTo === undefined ? '' : words.agent(entry.offeredTo)
  const status = {
    waiting: entry.place === null ? t('entry.waiting') : t('place.n', { n: entry.place }),
    ordering: t('entry.ordering'),
    offered: t('entry.offered', { agent: agent === '' ? '–' : agent }),
    dialling: agent === '' ? t('entry.dialling.nobody') : t('entry.dialling', { agent }),
    talking: t('entry.talking'),
    pausing: t('entry.pausing', { time }),
    networkWait: t('entry.networkWait', { time }),
    heldBack: t('entry.heldBack'),
    notYet: t('entry.notYet', { time }),
  }[entry.status]
  if (entry.kind !== 'callback' || entry.attemptsMax === undefined) return status
  const next = Math.min(entry.attemptsMax, (entry.attempts ?? 0) + (entry.status === 'dialling' ? 0 : 1))
  return `${status}, ${t('place.attempt', { n: Math.max(1, next), max: entry.attemptsMax })}`
}

function DeleteDialog({ row, words, onClose }: { row: WaitingRow; words: Words; onClose: () => void }) {
  const { t } = words
  const { entry, queue } = row
  const what = entry.kind === 'callback' ? 'callback' : 'line'
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const note = String(new FormData(event.currentTarget).get('note'))
    setBusy(true)
    try {
      await (what === 'callback' ? api.deleteCallback(entry.entryId, note) : api.deleteEntry(queue.id, entry.entryId, note))
      onClose()
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={t(`delete.${what}.title`)} onClose={onClose}>
      <form className="col g3" onSubmit={(event) => void onSubmit(event)}>
        <p>{t(`delete.${what}.what`, { number: whoOf(entry, words), queue: queue.name, waited: clockLike(row.inAll) })}</p>
        <label>
          {t('delete.note')}
          <textarea className="input" name="note" rows={2} maxLength={500} aria-describedby="note-hint" />
        </label>
        <p id="note-hint" className="faint s">
          {t('delete.note.hint')}
        </p>
        {trouble !== null && (
          <p className="trouble" role="alert">
            {trouble}
          </p>
        )}
        <div className="row g2 end">
          <button type="button" className="btn lg" onClick={onClose}>
            {t('delete.keep')}
          </button>
          <button type="submit" className="btn dan lg" disabled={busy}>
            <Icon name="bin" /> {t(`delete.do.${what}`)}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

type Filter = 'both' | 'line' | 'callbacks'

export function WaitingTable({ queues, now }: { queues: readonly Queue[]; now: number }) {
  const words = useWords()
  const times = useTimes()
  const { t } = words
  const [filter, setFilter] = useState<Filter>('both')
  const [deleting, setDeleting] = useState<string | null>(null)
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null)
  const all = waitingRows(queues, now)
  const rows = all.filter(({ entry }) => filter === 'both' || (filter === 'callbacks') === (entry.kind === 'callback'))
  const target = all.find(({ entry }) => entry.entryId === deleting)
  const once = useOnce()
  const callNow = (entry: WaitingEntry): void =>
    once(
      () =>
        api.callNow(entry.entryId).then(
          () => setSaid({ text: t('callNow.done', { number: whoOf(entry, words) }), bad: false }),
          (error: unknown) => setSaid({ text: error instanceof Error ? error.message : String(error), bad: true }),
        ),
      entry.entryId,
    )
  // Another may be asked about by the time the answer comes.
  const asked = (entryId: string) => (): void => setDeleting((now) => (now === entryId ? null : now))
  const rowOf = (row: WaitingRow) => {
    const { entry, queue } = row
    const who = whoOf(entry, words)
    return (
      <tr key={entry.entryId} data-entry={entry.entryId}>
        <td className="what nowrap">
          <span className="row g2">
            <KindSample kind={entry.kind === 'callback' ? 'queueCallback' : entry.kind === 'consult' ? 'consultToQueue' : 'queue'} />
            <span className="s muted">{t(`waiting.kind.${entry.kind}`)}</span>
          </span>
        </td>
        <th scope="row" className="num b">
          <Link to="/archive/$callId" params={{ callId: entry.callId }} className="plain">
            {who}
          </Link>
        </th>
        <td data-label={t('waiting.queue')}>{queue.name}</td>
        <td className="n num b nowrap standing">
          {row.isLate ? (
            <span className="late">
              <Icon name="warn" size={12} /> {clockLike(row.inAll)}
            </span>
          ) : (
            clockLike(row.inAll)
          )}
        </td>
        <td className={row.requeued === null ? 'n num muted none' : 'n num muted'} data-label={t('waiting.requeued')}>
          {row.requeued === null ? <span className="faint">–</span> : clockLike(row.requeued)}
        </td>
        <td className="s muted" data-label={t('waiting.place')}>
          {placeOf(entry, words, times)}
        </td>
        <td className="nowrap acts">
          {row.canCallNow && (
            <button type="button" className="btn" aria-label={t('callNow.of', { number: who })} onClick={() => callNow(entry)}>
              {t('callNow')}
            </button>
          )}{' '}
          {row.canDelete && (
            <button
              type="button"
              className="btn dan2"
              aria-label={t('delete.of', { number: who })}
              onClick={() => setDeleting(entry.entryId)}
            >
              {t('delete')}
            </button>
          )}
        </td>
      </tr>
    )
  }
  return (
    <ScrollCard labelledBy="waiting-title">
      <div className="hd">
        <h2 id="waiting-title">{t('waiting.title')}</h2>
        <span className="muted s">{t('waiting.count', { n: rows.length, all: all.length })}</span>
        <span className="grow" />
        <fieldset className="seg" aria-label={t('waiting.filter')}>
          {(['both', 'line', 'callbacks'] as const).map((one) => (
            <button
              key={one}
              type="button"
              className={one === filter ? 'on' : ''}
              aria-pressed={one === filter}
              onClick={() => setFilter(one)}
            >
              {t(`waiting.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      <p className={said?.bad ? 'said-line trouble' : 'said-line'} role="status">
        {said?.text}
      </p>
      {rows.length === 0 ? (
        <Notice>{t('waiting.none')}</Notice>
      ) : (
        <table className="cards">
          <thead>
            <tr>
              <th>{t('waiting.waits')}</th>
              <th>{t('waiting.number')}</th>
              <th>{t('waiting.queue')}</th>
              <th className="n">{t('waiting.inAll')}</th>
              <th className="n">{t('waiting.requeued')}</th>
              <th>{t('waiting.place')}</th>
              <th>
                <span className="vh">{t('waiting.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>{rows.map(rowOf)}</tbody>
        </table>
      )}
      {target !== undefined && <DeleteDialog row={target} words={words} onClose={asked(target.entry.entryId)} />}
    </ScrollCard>
  )
}
