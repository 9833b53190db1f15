/** A campaign by days: what each brought, and its silent calls against the limit that held then; all of them as a file. */
import { useQuery } from '@tanstack/react-query'
import type { Campaign, CampaignDay } from '#wire/campaigns.ts'
import { campaignsApi } from '../campaigns-api.ts'
import { Trouble } from '../parts/Notice.tsx'
import { ScrollCard } from '../parts/ScrollCard.tsx'
import { msOf } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'
import { SaveButton } from './SaveButton.tsx'
import { Silence } from './words.tsx'

/** As many as are looked at in one go; the file has them all. */
const SHOWN = 7
const COUNTS = ['placed', 'answered', 'connected', 'noAnswer', 'busy', 'failed'] as const
/** Left out where there is little room. */
const SPARE: readonly string[] = ['connected', 'noAnswer', 'busy', 'failed']
const tone = (column: string): string => (SPARE.includes(column) ? 'n num spare' : 'n num')

function Row({ day, silence }: { day: CampaignDay; silence: boolean }) {
  const times = useTimes()
  return (
    <tr>
      <th scope="row">{times.shortDate(msOf(day.from))}</th>
      {COUNTS.map((column) => (
        <td key={column} className={tone(column)}>
          {times.count(day[column])}
        </td>
      ))}
      {silence && (
        <td className="nowrap">
          <Silence today={day} target={day.silentTarget} alone />
        </td>
      )}
      {silence && <td className="n num spare">{times.percent(day.silentTarget)}</td>}
    </tr>
  )
}

/** `silence`: there can be silent calls. Today's row is the stream's. */
export function DaysCard({ campaign: { id, live }, silence }: { campaign: Campaign; silence: boolean }) {
  const { t } = useText()
  const found = useQuery({ queryKey: ['campaign', id, 'days'], queryFn: () => campaignsApi.days(id) })
  const days = found.data?.items ?? []
  const [first] = days
  const isToday = first !== undefined && msOf(first.until) > Date.now()
  const shown = isToday ? [{ ...first, ...live.today }, ...days.slice(1)] : days
  return (
    <div className="span3">
      <ScrollCard labelledBy="days-title">
        <div className="hd">
          <h2 id="days-title">{t('days.title')}</h2>
          <span className="grow" />
          {days.length > 0 && (
            <SaveButton name={`${id}-days.csv`} fetch={() => campaignsApi.daysFile(id)}>
              {t('days.export')}
            </SaveButton>
          )}
        </div>
        {found.error !== null && <Trouble error={found.error} retry={() => void found.refetch()} />}
        {found.data !== undefined && days.length === 0 && <p className="bd muted s">{t('days.none')}</p>}
        {days.length > 0 && (
          <table className="campaigns days">
            <thead>
              <tr>
                <th scope="col">{t('days.col.date')}</th>
                {COUNTS.map((column) => (
                  <th key={column} scope="col" className={tone(column)}>
                    {t(`days.col.${column}`)}
                  </th>
                ))}
                {silence && <th scope="col">{t('days.col.silent')}</th>}
                {silence && (
                  <th scope="col" className="n spare">
                    {t('days.col.limit')}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {shown.slice(0, SHOWN).map((day) => (
                <Row key={day.from} day={day} silence={silence} />
              ))}
            </tbody>
          </table>
        )}
      </ScrollCard>
    </div>
  )
}
