import { type FormEvent, type ReactNode, useState } from 'react'
import type { Campaign, CampaignSettings } from '#wire/campaigns.ts'
import { Refused } from '../api.ts'
import { campaignsApi } from '../campaigns-api.ts'
import { isOvertaken, type Met, ReadAgain, useDraft, WasReadAgain } from '../parts/again.tsx'
import { type Draft, draftOf, settingsOf } from '../state/campaign-form.ts'
import { filtersOf, MODES, windowsOf } from '../state/campaigns.ts'
import { useText } from '../text/intl.tsx'
import { RemoveCampaign, ReviveQuestion } from './questions.tsx'
import { useMet } from './useMet.ts'

interface Wrong {
  readonly sentence: string
  /** `silentMessage.reason`; null: of no field. */
  readonly field: string | null
  /** Somebody else has written the campaign anew meanwhile. */
  readonly isOvertaken?: boolean
}

interface Part {
  readonly draft: Draft
  readonly set: (part: Partial<Draft>) => void
  readonly wrong: Wrong | null
}

function Beside({ wrong, field }: { wrong: Wrong | null; field: string }) {
  if (wrong?.field === null || wrong === null || !(wrong.field === field || wrong.field.startsWith(`${field}.`))) return null
  return (
    <p className="trouble s" role="alert">
      {wrong.sentence}
    </p>
  )
}

function Field({
  name,
  field,
  wrong,
  hint,
  children,
}: {
  name: string
  field: string
  wrong: Wrong | null
  hint?: string
  children: ReactNode
}) {
  return (
    <div className="col g1">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children. */}
      <label>
        {name}
        {children}
      </label>
      {hint !== undefined && <p className="faint xs">{hint}</p>}
      <Beside wrong={wrong} field={field} />
    </div>
  )
}

type Named<T> = { [K in keyof Draft]: Draft[K] extends T ? K : never }[keyof Draft]

function Num(props: Part & { of: Named<string>; name: string; min: number; max: number; step?: number; hint?: string }) {
  const { draft, set, wrong, of, name, min, max, step = 1, hint } = props
  return (
    <Field name={name} field={of} wrong={wrong} {...(hint === undefined ? {} : { hint })}>
      <input
        className="input num"
        type="number"
        required
        min={min}
        max={max}
        step={step}
        value={draft[of]}
        onChange={(event) => set({ [of]: event.target.value })}
      />
    </Field>
  )
}

function Check(props: Part & { of: Named<boolean>; name: string }) {
  return (
    <label className="row g2 check">
      <input type="checkbox" checked={props.draft[props.of]} onChange={(event) => props.set({ [props.of]: event.target.checked })} />
      {props.name}
    </label>
  )
}

function Basics(props: Part & { skills: readonly string[] }) {
  const { t } = useText()
  const { draft, set, wrong } = props
  return (
    <fieldset className="card bd col g4">
      <legend>{t('settings.basics')}</legend>
      <Field name={t('settings.name')} field="name" wrong={wrong}>
        <input
          className="input"
          required
          maxLength={100}
          pattern=".*\S.*"
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field name={t('settings.mode')} field="mode" wrong={wrong} hint={t(`mode.${draft.mode}.hint`)}>
        <select className="input" value={draft.mode} onChange={(event) => set({ mode: event.target.value as Draft['mode'] })}>
          {MODES.map((mode) => (
            <option key={mode} value={mode}>
              {t(`mode.${mode}`)}
            </option>
          ))}
        </select>
      </Field>
      {draft.mode === 'power' && <Num {...props} of="ratio" name={t('settings.ratio')} min={1} max={6} step={0.1} />}
      <Field name={t('settings.skill')} field="skill" wrong={wrong} hint={t('settings.skill.hint')}>
        <select className="input" value={draft.skill} onChange={(event) => set({ skill: event.target.value })}>
          <option value="">{t('settings.skill.none')}</option>
          {props.skills.map((skill) => (
            <option key={skill} value={skill}>
              {skill}
            </option>
          ))}
        </select>
      </Field>
      <Num {...props} of="priority" name={t('settings.priority')} min={0} max={1000} />
      <Num {...props} of="wrapUpSeconds" name={t('settings.wrapUp')} min={0} max={3600} />
      <Field name={t('settings.callerId')} field="callerId" wrong={wrong} hint={t('settings.callerId.hint')}>
        <input
          className="input num"
          type="tel"
          maxLength={40}
          value={draft.callerId}
          onChange={(event) => set({ callerId: event.target.value })}
        />
      </Field>
      {draft.mode === 'preview' && (
        <>
          <Num {...props} of="cardSeconds" name={t('settings.card')} min={5} max={3600} />
          <Field name={t('settings.autoCall')} field="autoCallSeconds" wrong={wrong} hint={t('settings.autoCall.hint')}>
            <input
              className="input num"
              type="number"
              min={1}
              max={3600}
              value={draft.autoCallSeconds}
              onChange={(event) => set({ autoCallSeconds: event.target.value })}
            />
          </Field>
        </>
      )}
    </fieldset>
  )
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

function When(props: Part) {
  const { t } = useText()
  const { draft, set, wrong } = props
  const isWrong = (text: string): boolean => windowsOf(text) === null
  return (
    <fieldset className="card bd col g4">
      <legend>{t('settings.when')}</legend>
      <p className="muted s">{t('settings.when.sub')}</p>
      <div className="days">
        {DAYS.map((day) => (
          <label key={day} className="row g3">
            <span className="day-name">{t(`day.${day}`)}</span>
            <input
              className="input num grow"
              placeholder={t('settings.closed')}
              aria-invalid={isWrong(draft.days[day])}
              value={draft.days[day]}
              onChange={(event) => set({ days: { ...draft.days, [day]: event.target.value } })}
            />
          </label>
        ))}
      </div>
      {DAYS.some((day) => isWrong(draft.days[day])) && <p className="trouble s">{t('settings.windows.wrong')}</p>}
      <Beside wrong={wrong} field="hours" />
      <Field name={t('settings.holidays')} field="hours.holidays" wrong={wrong} hint={t('settings.holidays.hint')}>
        <textarea className="input num" rows={3} value={draft.holidays} onChange={(event) => set({ holidays: event.target.value })} />
      </Field>
      <Field name={t('settings.periods')} field="periods" wrong={wrong} hint={t('settings.periods.hint')}>
        <input
          className="input num"
          aria-invalid={isWrong(draft.periods)}
          value={draft.periods}
          onChange={(event) => set({ periods: event.target.value })}
        />
      </Field>
    </fieldset>
  )
}

function Tries(props: Part) {
  const { t } = useText()
  return (
    <fieldset className="card bd col g4">
      <legend>{t('settings.tries')}</legend>
      <div className="two">
        <Num {...props} of="attempts" name={t('settings.attempts')} min={1} max={20} />
        <Num {...props} of="pauseMinutes" name={t('settings.pause')} min={0} max={43_200} step={0.5} />
        <Num {...props} of="ringSeconds" name={t('settings.ring')} min={15} max={120} />
        <Num {...props} of="liveMax" name={t('settings.liveMax')} min={1} max={10_000} />
      </div>
      <div className="col g2">
        <span>{t('settings.retry')}</span>
        {(['Unanswered', 'Busy', 'Rejected', 'Failed'] as const).map((end) => (
          <Check key={end} {...props} of={`retry${end}`} name={t(`settings.retry${end}`)} />
        ))}
        <Check {...props} of="retriesFirst" name={t('settings.retriesFirst')} />
      </div>
    </fieldset>
  )
}

function Silence(props: Part) {
  const { t } = useText()
  const { draft, set, wrong } = props
  return (
    <fieldset className="card bd col g4">
      <legend>{t('settings.silent')}</legend>
      <p className="muted s">{t('settings.silent.sub')}</p>
      <div className="two">
        <Num {...props} of="silentPercent" name={t('settings.silentTarget')} min={0.1} max={10} step={0.1} />
        <Num {...props} of="silentAfterSeconds" name={t('settings.silentAfter')} min={1} max={10} step={0.5} />
        <Num {...props} of="silentAgainAfterHours" name={t('settings.silentAgain')} min={0} max={8760} />
      </div>
      <Check {...props} of="silentMessageOn" name={t('settings.silentMessage')} />
      {!draft.silentMessageOn && (
        <Field name={t('settings.silentReason')} field="silentMessage" wrong={wrong}>
          <input
            className="input"
            required
            maxLength={500}
            value={draft.silentReason}
            onChange={(event) => set({ silentReason: event.target.value })}
          />
        </Field>
      )}
      <Check {...props} of="silentCallback" name={t('settings.silentCallback')} />
      <Check {...props} of="mayHangUp" name={t('settings.mayHangUp')} />
      <Field name={t('settings.whenAll')} field="whenAllSpokenFor" wrong={wrong}>
        <select
          className="input"
          value={draft.whenAllSpokenFor}
          onChange={(event) => set({ whenAllSpokenFor: event.target.value as Draft['whenAllSpokenFor'] })}
        >
          <option value="inbound">{t('settings.whenAll.inbound')}</option>
          <option value="dialler">{t('settings.whenAll.dialler')}</option>
        </select>
      </Field>
    </fieldset>
  )
}

function Order(props: Part) {
  const { t } = useText()
  const { draft, set, wrong } = props
  return (
    <fieldset className="card bd col g4">
      <legend>{t('settings.order')}</legend>
      <Field name={t('settings.country')} field="country" wrong={wrong}>
        <input
          className="input"
          required
          pattern="[A-Z]{2}"
          maxLength={2}
          value={draft.country}
          onChange={(event) => set({ country: event.target.value.toUpperCase() })}
        />
      </Field>
      <Field name={t('settings.sort')} field="sort" wrong={wrong} hint={t('settings.sort.hint')}>
        <input className="input" value={draft.sort} onChange={(event) => set({ sort: event.target.value })} />
      </Field>
      <Field name={t('settings.filters')} field="filters" wrong={wrong} hint={t('settings.filters.hint')}>
        <textarea
          className="input"
          rows={3}
          aria-invalid={filtersOf(draft.filters) === null}
          value={draft.filters}
          onChange={(event) => set({ filters: event.target.value })}
        />
      </Field>
      <Field name={t('settings.topics')} field="topics" wrong={wrong} hint={t('settings.topics.hint')}>
        <textarea className="input" rows={3} value={draft.topics} onChange={(event) => set({ topics: event.target.value })} />
      </Field>
    </fieldset>
  )
}

/** `campaign`: as it is when the form opens; null: a new one, that begins as `first` is. */
export function SettingsForm(props: {
  campaign: Campaign | null
  first: CampaignSettings
  skills: readonly string[]
  onSaved: (campaign: Campaign) => void
  onRemoved: () => void
}) {
  const { t } = useText()
  const { base: campaign, draft, setDraft, rebase } = useDraft(props.campaign, (one) => draftOf(one?.settings ?? props.first))
  const first = campaign?.settings ?? props.first
  const metOf = useMet()
  const [met, setMet] = useState<readonly Met[] | null>(null)
  const [wrong, setWrong] = useState<Wrong | null>(null)
  const [isSaving, setSaving] = useState(false)
  /** Contacts that more attempts would bring back, asked about before it is saved. */
  const [revivable, setRevivable] = useState<number | null>(null)
  const settings = settingsOf(draft, first)
  const part: Part = { draft, wrong, set: (change) => setDraft({ ...draft, ...change }) }
  const failed = (error: unknown): void => {
    setSaving(false)
    setRevivable(null)
    setWrong({
      sentence: error instanceof Error ? error.message : String(error),
      field: error instanceof Refused ? (error.field ?? null) : null,
      isOvertaken: isOvertaken(error),
    })
  }
  const write = (written: CampaignSettings, revive: boolean | null): void => {
    setSaving(true)
    setMet(null)
    const asked = campaign === null ? campaignsApi.create(written) : campaignsApi.replace(campaign.id, written, campaign.revision, revive)
    asked.then(props.onSaved, failed)
  }
  const save = (event: FormEvent): void => {
    event.preventDefault()
    if (settings === null) {
      setWrong({ sentence: t('settings.wrong'), field: null })
      return
    }
    if (campaign === null || settings.attempts <= first.attempts) {
      write(settings, null)
      return
    }
    setSaving(true)
    campaignsApi.revivable(campaign.id, settings.attempts).then(({ contacts }) => {
      setSaving(false)
      if (contacts === 0) write(settings, null)
      else setRevivable(contacts)
    }, failed)
  }
  const readAgain = async (id: string): Promise<readonly Met[]> => {
    const now = await campaignsApi.one(id)
    return metOf(rebase(now), draftOf(now.settings))
  }
  const wasRead = (both: readonly Met[]): void => {
    setWrong(null)
    setMet(both)
  }
  return (
    <form className="settings-form" onSubmit={save}>
      <Basics {...part} skills={props.skills} />
      <When {...part} />
      <Tries {...part} />
      <Silence {...part} />
      <Order {...part} />
      <div className="row wrap g3 settings-end">
        {wrong !== null && (
          <p className="trouble grow" role="alert">
            {wrong.sentence}
          </p>
        )}
        {wrong?.isOvertaken === true && campaign !== null && <ReadAgain read={() => readAgain(campaign.id)} onRead={wasRead} />}
        {met !== null && <WasReadAgain met={met} />}
        <span className="grow" />
        {campaign !== null && <RemoveCampaign campaign={campaign} onRemoved={props.onRemoved} />}
        <button type="submit" className="btn lg pri" disabled={isSaving}>
          {t('settings.save')}
        </button>
      </div>
      {revivable !== null && settings !== null && (
        <ReviveQuestion
          contacts={revivable}
          attempts={settings.attempts}
          onAnswer={(revive) => write(settings, revive)}
          onCancel={() => setRevivable(null)}
        />
      )}
    </form>
  )
}
