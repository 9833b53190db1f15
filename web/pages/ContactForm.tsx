/** Writing a contact, new or known. What the server would not take is said beside the field. */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { Contact } from '#wire/directory.ts'
import { Refused } from '../api.ts'
import { directoryApi } from '../directory-api.ts'
import { Icon } from '../parts/Icon.tsx'
import { type Draft, draftOf, nextKey, writtenOf } from '../state/directory.ts'
import { useNumbers, useText } from '../text/intl.tsx'

interface Wrong {
  readonly sentence: string
  /** Of a number: its row in the form. */
  readonly key: number | null
}

function wrongOf(error: unknown, numberKeys: readonly number[]): Wrong {
  const sentence = error instanceof Error ? error.message : String(error)
  const [, index] = (error instanceof Refused && /^numbers\.(\d+)/u.exec(error.field ?? '')) || []
  return { sentence, key: index === undefined ? null : (numberKeys[Number(index)] ?? null) }
}

function RemoveButton({ name, onRemove }: { name: string; onRemove: () => void }) {
  return (
    <button type="button" className="btn ghost sq" aria-label={name} title={name} onClick={onRemove}>
      <Icon name="cross" />
    </button>
  )
}

interface Part {
  readonly draft: Draft
  readonly set: (draft: Draft) => void
}

function NumberRows({ draft, set, wrong }: Part & { wrong: Wrong | null }) {
  const { t } = useText()
  const { numbers } = draft
  const change = (key: number, part: Partial<Draft['numbers'][number]>): void =>
    set({ ...draft, numbers: numbers.map((row) => (row.key === key ? { ...row, ...part } : row)) })
  const rowOf = (row: Draft['numbers'][number], index: number): ReactNode => {
    const isWrong = wrong?.key === row.key
    return (
      <div key={row.key} className="form-row">
        <input
          className="input num"
          type="tel"
          aria-label={t('contact.number', { n: index + 1 })}
          aria-invalid={isWrong}
          aria-describedby={isWrong ? 'contact-wrong' : undefined}
          required={index === 0}
          maxLength={60}
          value={row.number}
          onChange={(event) => change(row.key, { number: event.target.value })}
        />
        <input
          className="input"
          aria-label={t('contact.label', { n: index + 1 })}
          placeholder={t('contact.label.hint')}
          maxLength={60}
          value={row.label}
          onChange={(event) => change(row.key, { label: event.target.value })}
        />
        {numbers.length > 1 && (
          <RemoveButton
            name={t('contact.number.remove', { n: index + 1 })}
            onRemove={() => set({ ...draft, numbers: numbers.filter((other) => other.key !== row.key) })}
          />
        )}
        {isWrong && (
          <p id="contact-wrong" className="trouble s" role="alert">
            {wrong.sentence}
          </p>
        )}
      </div>
    )
  }
  return (
    <fieldset className="col g2">
      <legend className="s">{t('contact.numbers')}</legend>
      {numbers.map(rowOf)}
      <button
        type="button"
        className="btn ghost left"
        onClick={() => set({ ...draft, numbers: [...numbers, { key: nextKey(numbers), number: '', label: '' }] })}
      >
        <Icon name="plus" /> {t('contact.number.add')}
      </button>
    </fieldset>
  )
}

function FieldRows({ draft, set }: Part) {
  const { t } = useText()
  const { fields } = draft
  const change = (key: number, part: Partial<Draft['fields'][number]>): void =>
    set({ ...draft, fields: fields.map((row) => (row.key === key ? { ...row, ...part } : row)) })
  return (
    <fieldset className="col g2">
      <legend className="s">{t('contact.fields')}</legend>
      {fields.map((row, index) => (
        <div key={row.key} className="form-row">
          <input
            className="input"
            aria-label={t('contact.field', { n: index + 1 })}
            maxLength={100}
            value={row.name}
            onChange={(event) => change(row.key, { name: event.target.value })}
          />
          <input
            className="input"
            aria-label={t('contact.value', { n: index + 1 })}
            maxLength={2000}
            value={row.value}
            onChange={(event) => change(row.key, { value: event.target.value })}
          />
          <RemoveButton
            name={t('contact.field.remove', { n: index + 1 })}
            onRemove={() => set({ ...draft, fields: fields.filter((other) => other.key !== row.key) })}
          />
        </div>
      ))}
      <button
        type="button"
        className="btn ghost left"
        onClick={() => set({ ...draft, fields: [...fields, { key: nextKey(fields), name: '', value: '' }] })}
      >
        <Icon name="plus" /> {t('contact.field.add')}
      </button>
    </fieldset>
  )
}

export function ContactForm(props: { contact: Contact | null; onSaved: (contact: Contact) => void; onCancel: () => void }) {
  const { t } = useText()
  const numbers = useNumbers()
  const { contact } = props
  const [draft, set] = useState(() => draftOf(contact, numbers))
  const [wrong, setWrong] = useState<Wrong | null>(null)
  const [isSaving, setSaving] = useState(false)
  const name = useRef<HTMLInputElement>(null)
  useEffect(() => name.current?.focus(), [])
  const save = (event: FormEvent): void => {
    event.preventDefault()
    const { contact: written, numberKeys } = writtenOf(draft)
    setSaving(true)
    const asked =
      contact === null ? directoryApi.create(written) : directoryApi.change(contact.id, { ...written, revision: contact.revision })
    asked.then(props.onSaved, (error: unknown) => {
      setSaving(false)
      setWrong(wrongOf(error, numberKeys))
    })
  }
  return (
    <form className="col bd g4" onSubmit={save}>
      <h2>{contact === null ? t('contact.new') : t('contact.edit.title', { name: contact.name })}</h2>
      <label>
        {t('contact.name')}
        <input
          ref={name}
          className="input"
          required
          pattern=".*\S.*"
          maxLength={200}
          value={draft.name}
          onChange={(event) => set({ ...draft, name: event.target.value })}
        />
      </label>
      <label>
        {t('contact.company')}
        <input
          className="input"
          maxLength={200}
          value={draft.company}
          onChange={(event) => set({ ...draft, company: event.target.value })}
        />
      </label>
      <NumberRows draft={draft} set={set} wrong={wrong} />
      <FieldRows draft={draft} set={set} />
      {wrong !== null && wrong.key === null && (
        <p className="trouble" role="alert">
          {wrong.sentence}
        </p>
      )}
      <div className="row end">
        <button type="button" className="btn lg" onClick={props.onCancel}>
          {t('cancel')}
        </button>
        <button type="submit" className="btn lg pri" disabled={isSaving}>
          {t('contact.save')}
        </button>
      </div>
    </form>
  )
}
