/** The contact of a campaign the agent talks with, or has talked with: columns, topics, another time, and that nobody was there. */
import { useState } from 'react'
import type { ContactOnDesk } from '#wire/contacts.ts'
import { campaignsApi } from '../campaigns-api.ts'
import { useText } from '../text/intl.tsx'
import { ContactColumns, Reschedule } from './PreviewCard.tsx'

export function ContactPanel({ callId, contact }: { callId: string; contact: ContactOnDesk }) {
  const { t } = useText()
  const [wrong, setWrong] = useState<string | null>(null)
  const toggle = (topic: string): void => {
    const topics = contact.topics.includes(topic) ? contact.topics.filter((one) => one !== topic) : [...contact.topics, topic]
    campaignsApi.topics(callId, topics).then(
      () => setWrong(null),
      (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)),
    )
  }
  return (
    <section className="card bd col g3" aria-label={t('card.contact')}>
      <div className="row g3 wrap">
        <h2>{contact.campaign}</h2>
        <span className="s muted">{t('card.attempt', { n: contact.attempt, max: contact.attemptsMax })}</span>
      </div>
      <ContactColumns contact={contact} />
      {contact.topicsToChoose.length > 0 && (
        <fieldset className="topics">
          <legend className="lbl">{t('card.topics')}</legend>
          {contact.topicsToChoose.map((topic) => (
            <button
              key={topic}
              type="button"
              className={contact.topics.includes(topic) ? 'chip on' : 'chip'}
              aria-pressed={contact.topics.includes(topic)}
              onClick={() => toggle(topic)}
            >
              {topic}
            </button>
          ))}
        </fieldset>
      )}
      {wrong !== null && (
        <p className="trouble s" role="alert">
          {wrong}
        </p>
      )}
      <Reschedule onDo={(when) => campaignsApi.reschedule(callId, when)} />
    </section>
  )
}
