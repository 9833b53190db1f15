/** What two people have both changed of a campaign's settings, as its form calls it. */
import type { Met } from '../parts/again.tsx'
import type { Draft } from '../state/campaign-form.ts'
import type { MessageId } from '../text/en.ts'
import { useText } from '../text/intl.tsx'

/** A box that is ticked or not is never changed by two in different ways. */
type Typed = { [K in keyof Draft]: Draft[K] extends boolean ? never : K }[keyof Draft]

const LABELS: Readonly<Record<Typed, MessageId>> = {
  name: 'settings.name',
  mode: 'settings.mode',
  skill: 'settings.skill',
  priority: 'settings.priority',
  ratio: 'settings.ratio',
  attempts: 'settings.attempts',
  pauseMinutes: 'settings.pause',
  ringSeconds: 'settings.ring',
  liveMax: 'settings.liveMax',
  sort: 'settings.sort',
  filters: 'settings.filters',
  days: 'settings.when',
  holidays: 'settings.holidays',
  periods: 'settings.periods',
  wrapUpSeconds: 'settings.wrapUp',
  cardSeconds: 'settings.card',
  autoCallSeconds: 'settings.autoCall',
  whenAllSpokenFor: 'settings.whenAll',
  silentPercent: 'settings.silentTarget',
  silentAfterSeconds: 'settings.silentAfter',
  silentReason: 'settings.silentReason',
  silentAgainAfterHours: 'settings.silentAgain',
  callerId: 'settings.callerId',
  country: 'settings.country',
  topics: 'settings.topics',
}

/** `theirs`: the settings as somebody else has written them. */
export function useMet(): (both: readonly (keyof Draft)[], theirs: Draft) => readonly Met[] {
  const { t } = useText()
  const lineOf = (field: Typed, theirs: Draft): string => {
    if (field === 'mode') return t(`mode.${theirs.mode}`)
    if (field === 'whenAllSpokenFor') return t(`settings.whenAll.${theirs.whenAllSpokenFor}`)
    if (field !== 'days') return theirs[field].replace(/\n+/gu, '; ')
    const days = Object.entries(theirs.days) as [keyof Draft['days'], string][]
    return days.map(([day, windows]) => `${t(`day.${day}`)} ${windows || t('settings.closed')}`).join(', ')
  }
  const isTyped = (field: keyof Draft): field is Typed => field in LABELS
  return (both, theirs) => both.filter(isTyped).map((field) => ({ label: t(LABELS[field]), theirs: lineOf(field, theirs) }))
}
