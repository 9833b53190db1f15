/** One contact: numbers, fields; changed and deleted by supervisors. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contact } from '#wire/directory.ts'
import { directoryApi } from '../directory-api.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { useIsHere, useOnce } from '../parts/once.ts'
import { hasDesk, seesLive, useSession } from '../parts/session.tsx'
import { useNumbers, useText, useTimes } from '../text/intl.tsx'
import { ContactForm } from './ContactForm.tsx'

function DeleteDialog(props: { contact: Contact; onClose: () => void; onDeleted: () => void }) {
  const { t } = useText()
  const client = useQueryClient()
  const [trouble, setTrouble] = useState<string | null>(null)
  const once = useOnce()
  const isHere = useIsHere()
  const { id } = props.contact
  const deleted = (): void => {
    if (isHere()) props.onDeleted()
    else for (const queryKey of [['directory'], ['contact', id]]) void client.invalidateQueries({ queryKey })
  }
  const remove = (): void =>
    once(() =>
      directoryApi.remove(id).then(deleted, (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error))),
    )
  return (
    <Dialog title={t('contact.delete.title', { name: props.contact.name })} onClose={props.onClose}>
      <p>{t('contact.delete.what', { n: props.contact.numbers.length })}</p>
      {trouble !== null && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      <div className="row end dialog-foot">
        <button type="button" className="btn lg" onClick={props.onClose}>
          {t('cancel')}
        </button>
        <button type="button" className="btn lg dan" onClick={remove}>
          {t('contact.delete')}
        </button>
      </div>
    </Dialog>
  )
}

function Facts({ contact }: { contact: Contact }) {
  const { t } = useText()
  const times = useTimes()
  const numbers = useNumbers()
  const session = useSession()
  const fields = Object.entries(contact.fields)
  const changedAt = Date.parse(contact.changedAt)
  return (
    <div className="bd col g4">
      <dl className="kv one">
        {contact.numbers.map(({ number, label }, index) => (
          <div key={number}>
            <dt>{label ?? t('contact.number', { n: index + 1 })}</dt>
            <dd className="num b">
              {hasDesk(session) ? (
                <Link to="/desk" search={{ dial: number }}>
                  {numbers(number)}
                </Link>
              ) : (
                <a href={`tel:${number}`}>{numbers(number)}</a>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {fields.length > 0 && (
        <dl className="kv one">
          {fields.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="own-words">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="faint s">{t('contact.changed', { when: `${times.longDate(changedAt)} ${times.minute(changedAt)}` })}</p>
    </div>
  )
}

export function ContactCard({ contactId, onChanged }: { contactId: string; onChanged: (sentence: string, contact?: string) => void }) {
  const { t } = useText()
  const mayChange = seesLive(useSession())
  const [isEditing, setEditing] = useState(false)
  const [isDeleting, setDeleting] = useState(false)
  const found = useQuery({ queryKey: ['contact', contactId], queryFn: () => directoryApi.contact(contactId) })
  if (found.error !== null) return <Trouble error={found.error} retry={() => void found.refetch()} notFound={t('contact.gone')} />
  if (found.data === undefined) return <Notice busy>{t('state.loading')}</Notice>
  const contact = found.data
  if (isEditing) {
    const saved = (): void => {
      setEditing(false)
      onChanged(t('contact.saved'), contact.id)
    }
    return <ContactForm contact={contact} onSaved={saved} onCancel={() => setEditing(false)} />
  }
  return (
    <>
      <div className="hd">
        <div className="grow">
          <h2>{contact.name}</h2>
          {contact.company !== null && <span className="muted s">{contact.company}</span>}
        </div>
        {mayChange && (
          <>
            <button type="button" className="btn" onClick={() => setEditing(true)}>
              {t('contact.edit')}
            </button>
            <button type="button" className="btn ghost dan2" onClick={() => setDeleting(true)}>
              <Icon name="bin" /> {t('contact.delete')}
            </button>
          </>
        )}
      </div>
      <Facts contact={contact} />
      {isDeleting && (
        <DeleteDialog contact={contact} onClose={() => setDeleting(false)} onDeleted={() => onChanged(t('contact.deleted'))} />
      )}
    </>
  )
}
