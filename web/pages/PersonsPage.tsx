/** One person by number: what is kept, a copy of it, and forgetting it. For administrators. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import type { PersonErased, PersonSummary } from '#wire/persons.ts'
import { AdminHead } from '../admin/Head.tsx'
import { CardTable } from '../parts/CardTable.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { keep } from '../parts/keep.ts'
import { Notice } from '../parts/Notice.tsx'
import { administrates, useSession } from '../parts/session.tsx'
import { personsApi } from '../persons-api.ts'
import { useNumbers, useText, useTimes } from '../text/intl.tsx'
import { Copy } from './PersonCopy.tsx'

const COUNTED = ['calls', 'open', 'callbacks', 'contacts', 'directory', 'listings'] as const

function Wrong({ error }: { error: Error | null }) {
  return error === null ? null : (
    <p className="trouble s" role="alert">
      {error.message}
    </p>
  )
}

function Counts({ found }: { found: PersonSummary }) {
  const { t } = useText()
  const times = useTimes()
  return (
    <CardTable of="personKept" labelledBy="person-title" heads={['what', 'count', 'becomes']} figures={['count']}>
      {COUNTED.filter((what) => found[what] > 0).map((what) => (
        <tr key={what}>
          <th scope="row">{t(`persons.${what}`)}</th>
          <td className="n num standing">{times.count(found[what])}</td>
          <td className="muted what">{t(`persons.${what}.becomes`)}</td>
        </tr>
      ))}
    </CardTable>
  )
}

const digitsOf = (text: string): string => text.replace(/\D/g, '').replace(/^0+/, '')

/** Typed again, in any spelling that ends in the same digits: who erases has looked at the number. */
function EraseDialog({ found, onClose, onErased }: { found: PersonSummary; onClose: () => void; onErased: (done: PersonErased) => void }) {
  const { t } = useText()
  const numbers = useNumbers()
  const [again, setAgain] = useState('')
  const erase = useMutation({ mutationFn: () => personsApi.erase(found.number), onSuccess: onErased })
  const isSame = digitsOf(again).length > 4 && found.number.endsWith(digitsOf(again))
  const send = (event: FormEvent): void => {
    event.preventDefault()
    if (isSame) erase.mutate()
  }
  return (
    <Dialog title={t('persons.erase.title', { number: numbers(found.number) })} onClose={onClose}>
      <form className="sure" onSubmit={send}>
        <p>{t('persons.erase.text')}</p>
        <label>
          {t('persons.erase.again')}
          <input className="input num" type="tel" autoComplete="off" value={again} onChange={(event) => setAgain(event.target.value)} />
        </label>
        <Wrong error={erase.error} />
        <div className="row end">
          <button type="button" className="btn lg" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className="btn lg dan" disabled={!isSame || erase.isPending}>
            {t('persons.erase.do')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function Person({ found, onErased }: { found: PersonSummary; onErased: (done: PersonErased) => void }) {
  const { t } = useText()
  const numbers = useNumbers()
  const [isAsking, setAsking] = useState(false)
  const copy = useMutation({ mutationFn: () => personsApi.copy(found.number) })
  const isThere = COUNTED.some((what) => found[what] > 0)
  if (!isThere && found.name === null) return <Notice>{t('persons.nothing', { number: numbers(found.number) })}</Notice>
  const download = async (): Promise<void> => {
    const made = await copy.mutateAsync()
    keep(new Blob([JSON.stringify(made, null, 2)], { type: 'application/json' }), `person-${made.madeAt.slice(0, 10)}.json`)
  }
  return (
    <>
      <div className="row g3 wrap page-head persons-head">
        <div className="grow">
          <h2 id="person-title" className="num">
            {numbers(found.number)}
          </h2>
          {found.name !== null && (
            <p className="muted s">
              {t('persons.name')}: {found.name}
            </p>
          )}
        </div>
        <button type="button" className="btn" onClick={() => copy.mutate()}>
          {t('persons.show')}
        </button>
        <button type="button" className="btn" onClick={() => void download()}>
          <Icon name="download" /> {t('persons.copy')}
        </button>
        <button type="button" className="btn dan" disabled={found.refused !== null} onClick={() => setAsking(true)}>
          {t('persons.erase')}
        </button>
      </div>
      {found.refused !== null && <p className="trouble s">{found.refusedWhy}</p>}
      <Wrong error={copy.error} />
      <div className="persons-what">
        <Counts found={found} />
      </div>
      {copy.data !== undefined && <Copy copy={copy.data} />}
      {isAsking && (
        <EraseDialog
          found={found}
          onClose={() => setAsking(false)}
          onErased={(done) => {
            setAsking(false)
            onErased(done)
          }}
        />
      )}
    </>
  )
}

function Done({ done }: { done: PersonErased }) {
  const { t } = useText()
  const times = useTimes()
  return (
    <section className="card bd" role="status">
      <p>{done.status === 'erased' ? t('persons.erased', { calls: times.count(done.calls) }) : t('persons.whenOver')}</p>
      {done.directoryChanged > 0 && <p className="muted s">{t('persons.changed', { n: times.count(done.directoryChanged) })}</p>}
    </section>
  )
}

export function PersonsPage() {
  const { t } = useText()
  const session = useSession()
  const [number, setNumber] = useState('')
  const [done, setDone] = useState<PersonErased | null>(null)
  const find = useMutation({ mutationFn: personsApi.find })
  /** Of whom the page is, when it is told that somebody is erased. */
  const shown = useRef<string | undefined>(undefined)
  shown.current = find.data?.number
  useTitle(t('persons.title'))
  if (!administrates(session)) return <Notice alone>{t('state.forbidden')}</Notice>
  const send = (event: FormEvent): void => {
    event.preventDefault()
    setDone(null)
    find.mutate(number)
  }
  return (
    <>
      <AdminHead title={t('persons.title')} sub={t('persons.sub')} said="">
        <form className="row g2 person-form" onSubmit={send}>
          <span className="field find">
            <Icon name="find" />
            <input
              type="search"
              inputMode="tel"
              autoComplete="off"
              aria-label={t('persons.number')}
              placeholder={t('persons.number')}
              value={number}
              onChange={(event) => setNumber(event.target.value)}
            />
          </span>
          <button type="submit" className="btn pri" disabled={number.trim() === '' || find.isPending}>
            {t('persons.find')}
          </button>
        </form>
      </AdminHead>
      <Wrong error={find.error} />
      {done !== null && <Done done={done} />}
      {find.data !== undefined && done === null && (
        <Person
          key={find.data.number}
          found={find.data}
          onErased={(erased) => {
            if (shown.current !== find.data.number) return
            setDone(erased)
            setNumber('')
          }}
        />
      )}
    </>
  )
}
