/** Writing a contact, new or known. What the server would not take is said beside the field. */
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { Contact } from '#wire/directory.ts'
import { Refused } from '../api.ts'
import { directoryApi } from '../directory-api.ts'
import { isOvertaken, type Met, ReadAgain, useDraft, WasReadAgain } from '../parts/again.tsx'
import { Icon } from '../parts/Icon.tsx'
import { useIsHere } from '../parts/once.ts'
import { type Draft, draftOf, nextKey, writtenOf } from '../state/directory.ts'
import { useNumbers, useText } from '../text/intl.tsx'

interface Wrong {
  readonly sentence: string
  /** Of a number: its row in the form. */
  readonly key: number | null
  /** Somebody else has changed the contact meanwhile. */
  readonly isOvertaken: boolean
}

function wrongOf(error: unknown, numberKeys: readonly number[]): Wrong {
  const sentence = error instanceof Error ? error.message : String(error)
  const [, index] = (error instanceof Refused && /^numbers\.(\d+)/u.exec(error.field ?? '')) || []
  return { sentence, key: index === undefined ? null : (numberKeys[Number(index)] ?? null), isOvertaken: isOvertaken(error) }
}

/** What somebody else has written in a field, as one line. */
const LINES: Readonly<Record<keyof Draft, (draft: Draft) => string>> = {
  name: ({ name }) => name,
  company: ({ company }) => company,
  numbers: ({ numbers }) => numbers.map(({ number, label }) => `${number} ${label}`.trim()).join(', '),
  fields: ({ fields }) => fields.map(({ name, value }) => `${name}: ${value}`).join(', '),
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

interface Row {
  readonly key: number
}

/** Rows of a draft: added and taken away, each drawn by its own part of the form. `keepsOne`: the last cannot be taken away. */
function Rows<R extends Row>(props: {
  readonly rows: readonly R[]
  readonly set: (rows: R[]) => void
  /** A row with nothing in it. */
  readonly empty: (key: number) => R
  readonly keepsOne?: boolean
  readonly words: { readonly legend: string; readonly add: string; readonly remove: (n: number) => string }
  readonly children: (row: R, index: number, change: (part: Partial<R>) => void) => ReactNode
  readonly below?: (row: R) => ReactNode
}) {
  const { rows, set, words } = props
  return (
    <fieldset className="col g2">
      <legend className="s">{words.legend}</legend>
      {rows.map((row, index) => (
        <div key={row.key} className="form-row">
          {props.children(row, index, (part) => set(rows.map((other) => (other.key === row.key ? { ...other, ...part } : other))))}
          {(props.keepsOne !== true || rows.length > 1) && (
            <RemoveButton name={words.remove(index + 1)} onRemove={() => set(rows.filter((other) => other.key !== row.key))} />
          )}
          {props.below?.(row)}
        </div>
      ))}
      <button type="button" className="btn ghost left" onClick={() => set([...rows, props.empty(nextKey(rows))])}>
        <Icon name="plus" /> {words.add}
      </button>
    </fieldset>
  )
}

function NumberRows({ draft, set, wrong }: Part & { wrong: Wrong | null }) {
  const { t } = useText()
  return (
    <Rows
      rows={draft.numbers}
      set={(numbers) => set({ ...draft, numbers })}
      empty={(key) => ({ key, number: '', label: '' })}
      keepsOne
      words={{ legend: t('contact.numbers'), add: t('contact.number.add'), remove: (n) => t('contact.number.remove', { n }) }}
      below={(row) =>
        wrong?.key === row.key && (
          <p id="contact-wrong" className="trouble s" role="alert">
            {wrong.sentence}
          </p>
        )
      }
    >
      {(row, index, change) => (
        <>
          <input
            className="input num"
            type="tel"
            aria-label={t('contact.number', { n: index + 1 })}
            aria-invalid={wrong?.key === row.key}
            aria-describedby={wrong?.key === row.key ? 'contact-wrong' : undefined}
            required={index === 0}
            maxLength={60}
            value={row.number}
            onChange={(event) => change({ number: event.target.value })}
          />
          <input
            className="input"
            aria-label={t('contact.label', { n: index + 1 })}
            placeholder={t('contact.label.hint')}
            maxLength={60}
            value={row.label}
            onChange={(event) => change({ label: event.target.value })}
          />
        </>
      )}
    </Rows>
  )
}

function FieldRows({ draft, set }: Part) {
  const { t } = useText()
  return (
    <Rows
      rows={draft.fields}
      set={(fields) => set({ ...draft, fields })}
      empty={(key) => ({ key, name: '', value: '' })}
      words={{ legend: t('contact.fields'), add: t('contact.field.add'), remove: (n) => t('contact.field.remove', { n }) }}
    >
      {(row, index, change) => (
        <>
          <input
            className="input"
            aria-label={t('contact.field', { n: index + 1 })}
            maxLength={100}
            value={row.name}
            onChange={(event) => change({ name: event.target.value })}
          />
          <input
            className="input"
            aria-label={t('contact.value', { n: index + 1 })}
            maxLength={2000}
            value={row.value}
            onChange={(event) => change({ value: event.target.value })}
          />
        </>
      )}
    </Rows>
  )
}

/** `contact`: as it is when the form opens; null: a new one. */
export function ContactForm(props: { contact: Contact | null; onSaved: (contact: Contact) => void; onCancel: () => void }) {
  const { t } = useText()
  const numbers = useNumbers()
  const { base: contact, draft, setDraft: set, rebase } = useDraft(props.contact, (one) => draftOf(one, numbers))
  const [met, setMet] = useState<readonly Met[] | null>(null)
  const [wrong, setWrong] = useState<Wrong | null>(null)
  const [isSaving, setSaving] = useState(false)
  const client = useQueryClient()
  const isHere = useIsHere()
  // As the page is when the answer comes: somebody may have searched for another meanwhile.
  const onSaved = useRef(props.onSaved)
  onSaved.current = props.onSaved
  const name = useRef<HTMLInputElement>(null)
  useEffect(() => name.current?.focus(), [])
  const save = (event: FormEvent): void => {
    event.preventDefault()
    const { contact: written, numberKeys } = writtenOf(draft)
    setSaving(true)
    setMet(null)
    const asked =
      contact === null ? directoryApi.create(written) : directoryApi.change(contact.id, { ...written, revision: contact.revision })
    const saved = (known: Contact): void => {
      if (isHere()) onSaved.current(known)
      else for (const queryKey of [['directory'], ['contact', known.id]]) void client.invalidateQueries({ queryKey })
    }
    asked.then(saved, (error: unknown) => {
      setSaving(false)
      setWrong(wrongOf(error, numberKeys))
    })
  }
  const readAgain = async (contactId: string): Promise<readonly Met[]> => {
    const now = await directoryApi.contact(contactId)
    return rebase(now).map((field) => ({ label: t(`contact.${field}`), theirs: LINES[field](draftOf(now, numbers)) }))
  }
  const wasRead = (both: readonly Met[]): void => {
    setWrong(null)
    setMet(both)
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
      {wrong?.isOvertaken === true && contact !== null && <ReadAgain read={() => readAgain(contact.id)} onRead={wasRead} />}
      {met !== null && <WasReadAgain met={met} />}
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
