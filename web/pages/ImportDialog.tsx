/** Contacts from a file: first told what would come of it, then done. */
import { useRef, useState } from 'react'
import type { ImportReport } from '#wire/directory.ts'
import { directoryApi, type ImportAsked } from '../directory-api.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { FormatChoice } from '../parts/FormatChoice.tsx'
import { Notice } from '../parts/Notice.tsx'
import { useText, useTimes } from '../text/intl.tsx'
import { type Column, type ColumnUse, ImportColumns, isOfHeader, keepUses, usesKept } from './ImportColumns.tsx'

/** As many as the server tells. */
const FAULTS_TOLD = 200

const AS_FOUND = { encoding: '', delimiter: '', columns: '' }

type State =
  | { readonly at: 'choosing' }
  | { readonly at: 'reading' }
  | { readonly at: 'read'; readonly report: ImportReport }
  | { readonly at: 'failed'; readonly sentence: string }

function Faults({ report }: { report: ImportReport }) {
  const { t, word } = useText()
  if (report.faults.length === 0) return null
  return (
    <>
      <h3 id="import-faults">{t('import.faults')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach it. */}
      <section className="fault-list" aria-labelledby="import-faults" tabIndex={0}>
        <table className="tight-rows">
          <thead>
            <tr>
              <th className="n">{t('import.line')}</th>
              <th>{t('import.column')}</th>
              <th>{t('import.what')}</th>
            </tr>
          </thead>
          <tbody>
            {report.faults.map(({ line, column, field, reason }) => (
              <tr key={`${line} ${column ?? ''} ${field ?? ''} ${reason}`}>
                <td className="n num">{line}</td>
                <td className="nowrap">
                  {column === null ? '–' : column} {field !== null && field !== '' && <span className="muted">{field}</span>}
                </td>
                <td>{word('importFault', reason)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {report.faults.length >= FAULTS_TOLD && <p className="faint s">{t('import.faults.more', { n: FAULTS_TOLD })}</p>}
    </>
  )
}

function Report({ report }: { report: ImportReport }) {
  const { t } = useText()
  const times = useTimes()
  const counts = ['rows', 'added', 'changed', 'unchanged', 'refused'] as const
  return (
    <div className="col g3" role="status">
      <dl className="counts">
        {counts.map((name) => (
          <div key={name}>
            <dt className="lbl">{t(`import.${name}`)}</dt>
            <dd className="num">{times.count(report[name])}</dd>
          </div>
        ))}
      </dl>
      <p className="faint s">
        {t('import.asFound', { format: report.format === 'csv' ? 'CSV' : 'vCard', encoding: report.encoding })} · {t('import.nothing')}
      </p>
      <Faults report={report} />
      {report.broken && <p className="trouble">{t('import.broken')}</p>}
    </div>
  )
}

/** What the button says; null where there is nothing to import. */
function useOffer(): (report: ImportReport) => string | null {
  const { t } = useText()
  return ({ broken, faults, added, changed }) => {
    if (broken || added + changed === 0) return null
    return t(faults.length === 0 ? 'import.all' : 'import.good', { n: added + changed })
  }
}

function Body(props: { state: State; onWrite: () => void; onClose: () => void }) {
  const { t } = useText()
  const offerOf = useOffer()
  const { state } = props
  const report = state.at === 'read' ? state.report : null
  const offer = report === null ? null : offerOf(report)
  return (
    <>
      {state.at === 'reading' && <Notice busy>{t('import.reading')}</Notice>}
      {state.at === 'failed' && (
        <p className="trouble" role="alert">
          {state.sentence}
        </p>
      )}
      {report !== null && !report.faults.some(isOfHeader) && <Report report={report} />}
      {report !== null && offer === null && !report.broken && report.refused === 0 && <p>{t('import.same')}</p>}
      <div className="row end dialog-foot">
        <button type="button" className="btn lg" onClick={props.onClose}>
          {t('cancel')}
        </button>
        {offer !== null && (
          <button type="button" className="btn lg pri" onClick={props.onWrite}>
            {offer}
          </button>
        )}
      </div>
    </>
  )
}

export function ImportDialog({ onClose, onDone }: { onClose: () => void; onDone: (sentence: string) => void }) {
  const { t } = useText()
  const [state, setState] = useState<State>({ at: 'choosing' })
  const [file, setFile] = useState<File | null>(null)
  const [how, setHow] = useState(AS_FOUND)
  /** As the last answer says: they stay where they are while the next is waited for. */
  const [columns, setColumns] = useState<readonly Column[]>([])
  /** What was asked last: an answer to anything before it comes too late. */
  const latest = useRef<ImportAsked | null>(null)
  const failed = (error: unknown): void => setState({ at: 'failed', sentence: error instanceof Error ? error.message : String(error) })
  const send = (chosen: File, asked: ImportAsked, then: (report: ImportReport) => void): void => {
    latest.current = asked
    const isLatest = (): boolean => latest.current === asked
    setState({ at: 'reading' })
    directoryApi.importFile(chosen, asked).then(
      (report) => isLatest() && then(report),
      (error: unknown) => isLatest() && failed(error),
    )
  }
  const look = (chosen: File | null, next: typeof how): void => {
    setFile(chosen)
    setHow(next)
    if (chosen === null) {
      latest.current = null
      setState({ at: 'choosing' })
      setColumns([])
      return
    }
    send(chosen, { dryRun: true, ...next }, (report) => {
      const kept = next.columns === '' ? usesKept(report.columns) : null
      setColumns(report.columns)
      if (kept === null) setState({ at: 'read', report })
      else look(chosen, { ...next, columns: kept.join(',') })
    })
  }
  const map = (uses: readonly ColumnUse[]): void => {
    setColumns(columns.map((column, index) => ({ ...column, as: uses[index] ?? 'skip' })))
    look(file, { ...how, columns: uses.join(',') })
  }
  const write = (): void => {
    if (file === null || state.at !== 'read') return
    const asked = { dryRun: false, skipFaulty: state.report.faults.length > 0, ...how }
    send(file, asked, ({ added, changed }) => {
      if (how.columns !== '') keepUses(columns)
      onDone(t('import.done', { added, changed }))
    })
  }
  return (
    <Dialog title={t('import.title')} onClose={onClose}>
      <div className="col g4 import">
        <p className="muted s">{t('import.hint')}</p>
        <label>
          {t('import.choose')}
          <input
            type="file"
            className="input"
            accept=".csv,.tsv,.txt,.vcf,text/csv,text/vcard"
            onChange={(event) => look(event.target.files?.[0] ?? null, { ...how, columns: '' })}
          />
        </label>
        <FormatChoice format={how} onChoose={(format) => look(file, { ...how, ...format, columns: '' })} />
        {columns.length > 0 && <ImportColumns columns={columns} faults={state.at === 'read' ? state.report.faults : []} onChoose={map} />}
        <Body state={state} onWrite={write} onClose={onClose} />
      </div>
    </Dialog>
  )
}
