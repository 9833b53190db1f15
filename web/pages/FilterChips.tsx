/** The filters as chips: each shows what is set, opens to change it, and stands in the address bar. */
import { type FormEvent, type ReactNode, useId } from 'react'
import { Icon } from '../parts/Icon.tsx'
import { Popup } from '../parts/Popup.tsx'
import { useSession } from '../parts/session.tsx'
import {
  countOf,
  DIRECTIONS,
  type Filters,
  KINDS,
  type ListName,
  listOf,
  MATCHES,
  matchOf,
  RESULTS,
  SECONDS,
  TIMES,
  withFilter,
} from '../state/filters.ts'
import type { MessageId } from '../text/en.ts'
import { useText } from '../text/intl.tsx'

type Change = (filters: Filters) => void
interface ChipProps {
  filters: Filters
  change: Change
}
interface Option {
  readonly id: string
  readonly name: string
}

const chipClass = (isOn: boolean): string => (isOn ? 'chip on' : 'chip')

function ListChip({ filters, change, name, title, options }: ChipProps & { name: ListName; title: string; options: readonly Option[] }) {
  const { t } = useText()
  const chosen = listOf(filters[name])
  const nameOf = (id: string | undefined) => options.find((option) => option.id === id)?.name ?? id ?? ''
  const shown =
    chosen.length === 0
      ? t('any')
      : chosen.length === 1
        ? nameOf(chosen[0])
        : t('filter.several', { first: nameOf(chosen[0]), n: chosen.length - 1 })
  const toggle = (id: string) => {
    const next = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]
    change(withFilter(filters, { [name]: next.join(',') }))
  }
  return (
    <Popup
      className={chipClass(chosen.length > 0)}
      label={
        <>
          {title} <b>{shown}</b>
        </>
      }
    >
      {() => (
        <fieldset className="options">
          <legend className="vh">{title}</legend>
          {options.map((option) => (
            <label key={option.id} className="option">
              <input type="checkbox" checked={chosen.includes(option.id)} onChange={() => toggle(option.id)} />
              {option.name}
            </label>
          ))}
          {chosen.length > 0 && (
            <button type="button" className="btn ghost" onClick={() => change(withFilter(filters, { [name]: '' }))}>
              {t('filter.clear')}
            </button>
          )}
        </fieldset>
      )}
    </Popup>
  )
}

function TimeChip({ filters, change }: ChipProps) {
  const { t } = useText()
  const { solution } = useSession()
  const own = filters.from !== undefined || filters.to !== undefined
  const spaced = (local: string | undefined) => (local ?? '…').replace('T', ' ')
  const shown = own
    ? `${spaced(filters.from)} – ${spaced(filters.to)}`
    : filters.time === undefined
      ? t('filter.time.all')
      : t(`filter.time.${filters.time as 'today'}`)
  const onSubmit = (event: FormEvent<HTMLFormElement>, close: () => void) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    change(withFilter(filters, { time: '', from: String(form.get('from')), to: String(form.get('to')) }))
    close()
  }
  return (
    <Popup
      className={chipClass(own || filters.time !== undefined)}
      label={
        <>
          <Icon name="calendar" /> <span className="vh">{t('filter.time')}</span> <b>{shown}</b>
        </>
      }
    >
      {(close) => (
        <div className="col g2">
          {(['', ...TIMES] as const).map((time) => (
            <label key={time} className="option">
              <input
                type="radio"
                name="time"
                checked={!own && (filters.time ?? '') === time}
                onChange={() => change(withFilter(filters, { time, from: '', to: '' }))}
              />
              {t(time === '' ? 'filter.time.all' : `filter.time.${time}`)}
            </label>
          ))}
          <form className="col g2 own-range" onSubmit={(event) => onSubmit(event, close)}>
            <b className="s">
              {t('filter.time.own')} <span className="faint">{solution.zone}</span>
            </b>
            <label>
              {t('filter.from')}
              <input className="input" type="datetime-local" name="from" defaultValue={filters.from ?? ''} />
            </label>
            <label>
              {t('filter.to')}
              <input className="input" type="datetime-local" name="to" defaultValue={filters.to ?? ''} />
            </label>
            <button type="submit" className="btn pri">
              {t('filter.apply')}
            </button>
          </form>
        </div>
      )}
    </Popup>
  )
}

function NumberChip({ filters, change }: ChipProps) {
  const { t } = useText()
  if (filters.number === undefined) return null
  const withheld = filters.number === 'withheld'
  const match = matchOf(filters)
  return (
    <Popup
      className="chip on"
      label={
        <>
          {t('filter.number')} <b>{withheld ? t('filter.withheld') : filters.number}</b>
          {match !== undefined && t(`match.${match}`)}
        </>
      }
    >
      {() => (
        <fieldset className="options">
          <legend>{t('filter.numberMatch')}</legend>
          {MATCHES.map((one) => (
            <label key={one} className="option">
              <input
                type="radio"
                name="match"
                disabled={withheld}
                checked={match === one}
                onChange={() => change(withFilter(filters, { numberMatch: one }))}
              />
              {t(`match.${one}`)}
            </label>
          ))}
          <label className="option">
            <input
              type="checkbox"
              checked={withheld}
              onChange={() => change(withFilter(filters, { number: withheld ? '' : 'withheld', numberMatch: '' }))}
            />
            {t('filter.withheld')}
          </label>
          <button type="button" className="btn ghost" onClick={() => change(withFilter(filters, { number: '', numberMatch: '' }))}>
            {t('filter.clear')}
          </button>
        </fieldset>
      )}
    </Popup>
  )
}

function FlagChip({ filters, change, name, children }: ChipProps & { name: 'unanswered' | 'live'; children: ReactNode }) {
  const isOn = filters[name] === 'true'
  return (
    <button
      type="button"
      className={chipClass(isOn)}
      aria-pressed={isOn}
      onClick={() => change(withFilter(filters, { [name]: isOn ? '' : 'true' }))}
    >
      {children}
    </button>
  )
}

const RANGES = ['wait', 'speak', 'duration'] as const
const MORE_WORDS = ['campaign', 'contact'] as const

function MoreChip({ filters, change }: ChipProps) {
  const { t } = useText()
  const id = useId()
  const onSubmit = (event: FormEvent<HTMLFormElement>, close: () => void) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const names = [...SECONDS, ...MORE_WORDS]
    const picked = (name: string) => form.getAll(name).join(',')
    change(
      withFilter(filters, {
        ...Object.fromEntries(names.map((name) => [name, String(form.get(name))])),
        origin: picked('origin'),
        mode: picked('mode'),
      }),
    )
    close()
  }
  const checks = (name: 'origin' | 'mode', words: readonly string[]) => (
    <fieldset className="row g3 wrap">
      <legend>{t(`filter.${name}`)}</legend>
      {words.map((one) => (
        <label key={one} className="option">
          <input type="checkbox" name={name} value={one} defaultChecked={listOf(filters[name]).includes(one)} />
          {t(`${name}.${one}` as MessageId)}
        </label>
      ))}
    </fieldset>
  )
  return (
    <Popup
      className="chip add"
      label={
        <>
          <Icon name="plus" size={12} /> {t('filter.more')}
        </>
      }
    >
      {(close) => (
        <form className="more col g3" onSubmit={(event) => onSubmit(event, close)}>
          {RANGES.map((range) => (
            <fieldset key={range} className="row g2">
              <legend>{t(`filter.${range}`)}</legend>
              {(['Min', 'Max'] as const).map((end) => (
                <label key={end} htmlFor={`${id}${range}${end}`}>
                  <span className="faint s">{t(end === 'Min' ? 'filter.atLeast' : 'filter.below')}</span>
                  <input
                    id={`${id}${range}${end}`}
                    className="input"
                    name={`${range}${end}`}
                    type="number"
                    min="0"
                    max="9999999"
                    defaultValue={filters[`${range}${end}`] ?? ''}
                  />
                </label>
              ))}
            </fieldset>
          ))}
          {checks('origin', ['web', 'desk', 'api'])}
          {checks('mode', ['preview', 'progressive', 'power', 'predictive'])}
          {MORE_WORDS.map((name) => (
            <label key={name}>
              {t(`filter.${name}`)}
              <input className="input" name={name} defaultValue={filters[name] ?? ''} maxLength={100} />
            </label>
          ))}
          <button type="submit" className="btn pri">
            {t('filter.apply')}
          </button>
        </form>
      )}
    </Popup>
  )
}

/** A set filter of the More panel, as a chip that takes it away. */
function SetChips({ filters, change }: ChipProps) {
  const { t, word } = useText()
  const away = (names: readonly (keyof Filters)[], title: string, value: string) => (
    <button
      type="button"
      key={title}
      className="chip on"
      aria-label={`${title} ${value}. ${t('filter.remove', { name: title })}`}
      onClick={() => change(withFilter(filters, Object.fromEntries(names.map((name) => [name, '']))))}
    >
      {title} <b>{value}</b>
      <Icon name="cross" size={11} />
    </button>
  )
  const ranges = RANGES.flatMap((range) => {
    const [min, max] = [filters[`${range}Min`], filters[`${range}Max`]]
    if (min === undefined && max === undefined) return []
    const value =
      min === undefined
        ? t('filter.range.max', { max: max ?? '' })
        : max === undefined
          ? t('filter.range.min', { min })
          : t('filter.range.both', { min, max })
    return [away([`${range}Min`, `${range}Max`], t(`filter.${range}.name`), value)]
  })
  const lists = (['origin', 'mode'] as const).flatMap((name) =>
    filters[name] === undefined
      ? []
      : [
          away(
            [name],
            t(`filter.${name}`),
            listOf(filters[name])
              .map((one) => word(name, one))
              .join(', '),
          ),
        ],
  )
  const words = MORE_WORDS.flatMap((name) => (filters[name] === undefined ? [] : [away([name], t(`filter.${name}`), filters[name] ?? '')]))
  return (
    <>
      {ranges}
      {lists}
      {words}
    </>
  )
}

export function FilterChips({ filters, change }: ChipProps) {
  const { t } = useText()
  const { solution } = useSession()
  const worded = (names: Readonly<Record<string, true>>, list: 'direction' | 'result' | 'kind') =>
    Object.keys(names).map((id) => ({ id, name: t(`${list}.${id}` as MessageId) }))
  const list = (name: ListName, options: readonly Option[]) => (
    <ListChip filters={filters} change={change} name={name} title={t(`filter.${name}`)} options={options} />
  )
  return (
    <fieldset className="row wrap chips">
      <legend className="vh">{t('archive.filters')}</legend>
      <TimeChip filters={filters} change={change} />
      <NumberChip filters={filters} change={change} />
      {list('queue', solution.queues)}
      {list('agent', solution.agents)}
      {list('direction', worded(DIRECTIONS, 'direction'))}
      {list('result', worded(RESULTS, 'result'))}
      {list('kind', worded(KINDS, 'kind'))}
      <FlagChip filters={filters} change={change} name="unanswered">
        {t('filter.unanswered')}
      </FlagChip>
      <FlagChip filters={filters} change={change} name="live">
        <span className="dot live-dot small accent" /> {t('filter.live')}
      </FlagChip>
      <SetChips filters={filters} change={change} />
      <MoreChip filters={filters} change={change} />
      {countOf(filters) > 1 && (
        <button type="button" className="btn ghost" onClick={() => change({})}>
          {t('filter.clearAll')}
        </button>
      )}
    </fieldset>
  )
}
