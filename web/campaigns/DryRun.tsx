/** What would come of a file: counts that add up to its rows, the reasons, and the button that says how many will be added. */
import { useQuery } from '@tanstack/react-query'
import type { CampaignImport } from '#wire/contacts.ts'
import { campaignsApi } from '../campaigns-api.ts'
import { Icon, type IconName } from '../parts/Icon.tsx'
import { type Reason, reasonRows } from '../state/import-reasons.ts'
import { useNumbers, useText, useTimes } from '../text/intl.tsx'

/** Reasons shown; the file holds them all. */
const SHOWN = 50

const COUNTS = [
  ['added', 'check', 'good'],
  ['invalid', 'warn', 'warn'],
  ['duplicateInFile', 'internal', 'faint'],
  ['duplicateInList', 'internal', 'faint'],
  ['doNotCall', 'barred', 'danger'],
] as const satisfies readonly (readonly [keyof CampaignImport['counts'], IconName, string])[]

/** Why, and where the other one is. */
function useWhy(): (reason: Reason) => string {
  const { t, word } = useText()
  const times = useTimes()
  return ({ code, earlierLine, since }) => {
    const why = word('rowFault', code)
    if (earlierLine !== null) return t('dryRun.earlier', { why, line: times.count(earlierLine) })
    return since === null ? why : t('dryRun.since', { why, date: times.shortDate(since), time: times.minute(since) })
  }
}

function Reasons({ campaignId, importId, left }: { campaignId: string; importId: string; left: number }) {
  const { t } = useText()
  const times = useTimes()
  const number = useNumbers()
  const why = useWhy()
  const address = campaignsApi.faultsAddress(campaignId, importId)
  const found = useQuery({
    queryKey: ['import', importId, 'faults'],
    queryFn: async () => reasonRows(await (await fetch(address, { credentials: 'same-origin' })).text(), SHOWN),
  })
  return (
    <div className="reasons">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach it. */}
      <section className="fault-list" tabIndex={0} aria-label={t('dryRun.reasons')}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="n">
                {t('dryRun.line')}
              </th>
              <th scope="col">{t('import.column')}</th>
              <th scope="col">{t('dryRun.value')}</th>
              <th scope="col">{t('import.what')}</th>
            </tr>
          </thead>
          <tbody>
            {(found.data ?? []).map((fault) => (
              <tr key={`${fault.line} ${fault.column} ${fault.code}`}>
                <td className="n num faint">{fault.line}</td>
                <td>{fault.column === '' ? '–' : fault.column}</td>
                <td className="num">{fault.value === '' ? '–' : number(fault.value)}</td>
                <td className="muted">{why(fault)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="foot">
        <span className="muted s">{t('dryRun.shown', { shown: times.count(found.data?.length ?? 0), all: times.count(left) })}</span>
        <span className="grow" />
        <a className="row g1 s" href={address} download>
          <Icon name="download" size={13} /> {t('dryRun.download')}
        </a>
      </div>
    </div>
  )
}

export function DryRun(props: { campaignId: string; report: CampaignImport; busy: boolean; onBack: () => void; onConfirm: () => void }) {
  const { t } = useText()
  const times = useTimes()
  const { report } = props
  const { counts } = report
  const left = counts.rows - counts.added
  return (
    <div className="imp">
      <div className="col g4 bd">
        <div className="stack" aria-hidden="true">
          {COUNTS.map(([name, , tone]) => (
            <i key={name} className={`tone-${tone}`} style={{ flexGrow: counts[name] }} />
          ))}
        </div>
        <ul className="stats counts-list" aria-live="polite">
          {COUNTS.map(([name, icon, tone]) => (
            <li key={name}>
              <span className={`ink-${tone}`}>
                <Icon name={icon} size={16} />
              </span>
              <span>{t(`dryRun.${name}`)}</span>
              <b className="num">{times.count(counts[name])}</b>
            </li>
          ))}
        </ul>
        <p className="muted s">
          {t(report.how === 'replace' ? 'dryRun.nothing.replace' : 'dryRun.nothing', { rows: times.count(counts.rows) })}
        </p>
        <div className="row g2 wrap">
          <button
            type="button"
            className="btn lg pri"
            disabled={props.busy || counts.added === 0 || report.state !== 'ready'}
            onClick={props.onConfirm}
          >
            {t('dryRun.add', { n: times.count(counts.added) })}
          </button>
          <button type="button" className="btn lg" disabled={props.busy} onClick={props.onBack}>
            {t('importList.back')}
          </button>
        </div>
        {report.state === 'confirmed' && <p className="s">{t('dryRun.already')}</p>}
      </div>
      {left > 0 && <Reasons campaignId={props.campaignId} importId={report.id} left={left} />}
    </div>
  )
}
