/** Contacts from a file, in four steps: the file, what its columns are, what would come of it, and only then the list. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { CampaignImport, ImportLook, ImportMapping } from '#wire/contacts.ts'
import { ColumnsStep } from '../campaigns/ColumnsStep.tsx'
import { DryRun } from '../campaigns/DryRun.tsx'
import { campaignsApi } from '../campaigns-api.ts'
import { type FileFormat, FormatChoice } from '../parts/FormatChoice.tsx'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { useIsHere } from '../parts/once.ts'
import { managesCampaigns, useSession } from '../parts/session.tsx'
import { useText } from '../text/intl.tsx'

const STEPS = ['file', 'columns', 'dryRun', 'confirm'] as const
type Step = (typeof STEPS)[number]

interface Chosen {
  readonly file: File
  readonly format: FileFormat
}

const AS_FOUND: FileFormat = { encoding: '', delimiter: '' }
const readAs = ({ format: { encoding, delimiter } }: Chosen) => ({
  ...(encoding !== '' && { encoding }),
  ...(delimiter !== '' && { delimiter }),
})

function Steps({ at }: { at: Step }) {
  const { t } = useText()
  const now = STEPS.indexOf(at)
  return (
    <ol className="steps">
      {STEPS.map((step, index) => (
        <li
          key={step}
          className={index < now ? 'step done' : index === now ? 'step on' : 'step'}
          aria-current={index === now ? 'step' : undefined}
        >
          <i aria-hidden="true">{index < now ? <Icon name="check" size={11} /> : index + 1}</i>
          {t(`steps.${step}`)}
        </li>
      ))}
    </ol>
  )
}

function FileStep({ busy, onChosen }: { busy: boolean; onChosen: (chosen: Chosen) => void }) {
  const { t } = useText()
  const [format, setFormat] = useState(AS_FOUND)
  const [file, setFile] = useState<File | null>(null)
  return (
    <form
      className="bd col g4 import-file"
      onSubmit={(event) => {
        event.preventDefault()
        if (file !== null) onChosen({ file, format })
      }}
    >
      <label>
        {t('importList.file')}
        <input
          className="input"
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          required
          onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        />
      </label>
      <p className="muted s">{t('importList.file.hint')}</p>
      <FormatChoice format={format} onChoose={setFormat} />
      <div className="row end">
        <button type="submit" className="btn lg pri" disabled={busy || file === null}>
          {t('importList.next')}
        </button>
      </div>
    </form>
  )
}

function Wizard({ campaignId }: { campaignId: string }) {
  const { t } = useText()
  const client = useQueryClient()
  const navigate = useNavigate()
  const isHere = useIsHere()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const [look, setLook] = useState<ImportLook | null>(null)
  const [report, setReport] = useState<CampaignImport | null>(null)
  const [busy, setBusy] = useState<'looking' | 'reading' | 'adding' | null>(null)
  const [wrong, setWrong] = useState<string | null>(null)
  const step: Step = report !== null ? (busy === 'adding' ? 'confirm' : 'dryRun') : look !== null ? 'columns' : 'file'
  const during = <T,>(what: NonNullable<typeof busy>, asked: Promise<T>, done: (answer: T) => void): void => {
    setBusy(what)
    setWrong(null)
    asked.then(done, (error: unknown) => setWrong(error instanceof Error ? error.message : String(error))).finally(() => setBusy(null))
  }
  const choose = (next: Chosen): void => {
    setChosen(next)
    during('looking', campaignsApi.look(campaignId, next.file, readAs(next)), setLook)
  }
  const read = (mapping: ImportMapping, how: 'add' | 'replace'): void => {
    if (chosen === null) return
    const asked = { fileName: chosen.file.name, how, mapping, ...readAs(chosen) }
    during('reading', campaignsApi.upload(campaignId, chosen.file, asked, crypto.randomUUID()), setReport)
  }
  const confirm = (importId: string): void =>
    during('adding', campaignsApi.confirm(campaignId, importId), () => {
      void client.invalidateQueries({ queryKey: ['campaign', campaignId] })
      if (isHere()) void navigate({ to: '/campaigns/$campaignId/contacts', params: { campaignId } })
    })
  return (
    <section className="card import-card">
      <div className="hd wrap">
        <h2>{chosen === null ? t('importList.title') : t('importList.of', { name: chosen.file.name })}</h2>
        <Steps at={step} />
        <span className="grow" />
        {look !== null && (
          <span className="s muted">
            {t('importList.asFound', { encoding: look.encoding, delimiter: look.delimiter === '\t' ? t('import.tab') : look.delimiter })}
          </span>
        )}
      </div>
      {wrong !== null && (
        <p className="trouble bd" role="alert">
          {wrong}
        </p>
      )}
      {busy === 'reading' && <Notice busy>{t('importList.reading')}</Notice>}
      {step === 'file' && <FileStep busy={busy !== null} onChosen={choose} />}
      {step === 'columns' && look !== null && busy !== 'reading' && <ColumnsStep look={look} onBack={() => setLook(null)} onRead={read} />}
      {report !== null && (
        <DryRun
          campaignId={campaignId}
          report={report}
          busy={busy !== null}
          onBack={() => setReport(null)}
          onConfirm={() => confirm(report.id)}
        />
      )}
    </section>
  )
}

export function CampaignImportPage() {
  const { t } = useText()
  const session = useSession()
  const { campaignId = '' } = useParams({ strict: false })
  const campaign = useQuery({ queryKey: ['campaign', campaignId], queryFn: () => campaignsApi.one(campaignId) })
  useTitle(t('campaign.import'))
  if (!managesCampaigns(session)) return <Notice alone>{t('state.forbidden')}</Notice>
  if (campaign.error !== null)
    return <Trouble alone error={campaign.error} notFound={t('campaign.notFound')} retry={() => void campaign.refetch()} />
  return (
    <>
      <Link className="row g1 s" to="/campaigns/$campaignId" params={{ campaignId }}>
        <Icon name="back" /> {campaign.data?.settings.name ?? t('campaigns.title')}
      </Link>
      <h1 className="page-head">{t('campaign.import')}</h1>
      <Wizard campaignId={campaignId} />
    </>
  )
}
