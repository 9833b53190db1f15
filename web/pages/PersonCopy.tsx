/** The copy for a person, to be read and printed: their calls, and what stands of them in lists and in the directory. */
import { Link } from '@tanstack/react-router'
import type { PersonCall, PersonCopy } from '#wire/persons.ts'
import { CardTable } from '../parts/CardTable.tsx'
import { clockLike } from '../state/shown.ts'
import { useNumbers, useText, useTimes } from '../text/intl.tsx'

const seconds = (ms: number | null): string => (ms === null ? '–' : clockLike(Math.round(ms / 1000)))

/** What happened, in words, with the notes about the person. */
function Story({ call }: { call: PersonCall }) {
  const { t, word } = useText()
  if (call.part === 'called') return <span className="muted">{t('persons.called')}</span>
  const steps = call.events.map(({ kind, queue, menu, note }) =>
    [word('kind', kind), queue ?? menu, note].filter((one) => one !== undefined),
  )
  return <>{steps.map((step) => step.join(': ')).join(' → ')}</>
}

const HEADS = ['when', 'what', 'result', 'waited', 'talked', 'looks'] as const

function Calls({ calls }: { calls: readonly PersonCall[] }) {
  const { t, word } = useText()
  const times = useTimes()
  return (
    <CardTable of="personCalls" labelledBy="copy-title" heads={HEADS} figures={['waited', 'talked', 'looks']}>
      {calls.map((call) => (
        <tr key={call.id}>
          <th scope="row" className="num nowrap">
            <Link to="/archive/$callId" params={{ callId: call.id }}>
              {times.shortDate(Date.parse(call.startedAt))} {times.clock(Date.parse(call.startedAt))}
            </Link>
          </th>
          <td className="what">
            <Story call={call} />
          </td>
          <td className="standing">{word('result', call.result)}</td>
          <td className="n num" data-label={t('personCalls.col.waited')}>
            {seconds(call.waitMs)}
          </td>
          <td className="n num" data-label={t('personCalls.col.talked')}>
            {seconds(call.speakMs)}
          </td>
          <td className="n num" data-label={t('personCalls.col.looks')}>
            {times.count(call.looks.length)}
          </td>
        </tr>
      ))}
    </CardTable>
  )
}

function Fields({ fields }: { fields: Readonly<Record<string, string>> }) {
  return (
    <span className="muted s">
      {Object.entries(fields)
        .map(([name, value]) => `${name}: ${value}`)
        .join(' · ')}
    </span>
  )
}

export function Copy({ copy }: { copy: PersonCopy }) {
  const { t } = useText()
  const numbers = useNumbers()
  return (
    <div className="person-copy">
      <div className="row g3 wrap page-head">
        <div className="grow">
          <h2 id="copy-title">{t('persons.copyOf', { number: numbers(copy.number) })}</h2>
          <p className="muted s">{t('persons.copy.sub')}</p>
        </div>
        <button type="button" className="btn no-print" onClick={() => window.print()}>
          {t('persons.print')}
        </button>
      </div>
      {copy.calls.length > 0 && <Calls calls={copy.calls} />}
      {copy.contacts.length + copy.directory.length > 0 && (
        <ul className="card bd copied">
          {copy.contacts.map(({ id, campaignId, name, columns, tries }) => (
            <li key={id}>
              {t('persons.list')} {campaignId}: {name ?? '–'}, {t('persons.tries', { n: tries })} <Fields fields={columns} />
            </li>
          ))}
          {copy.directory.map(({ name, company, label, fields, changedAt }) => (
            <li key={`${name} ${changedAt}`}>
              {t('nav.directory')}: {[name, company, label].filter((one) => one !== null).join(', ')} <Fields fields={fields} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
