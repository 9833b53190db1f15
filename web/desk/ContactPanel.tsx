/** The contact of a campaign the agent talks with, or has talked with: columns, topics, another time, and that nobody was there. */
import { useState } from 'react'
import type { ContactOnDesk } from '#wire/contacts.ts'
import { campaignsApi } from '../campaigns-api.ts'
import { useAsks } from '../parts/asks.ts'
import { useText } from '../text/intl.tsx'
import { ContactColumns, Reschedule } from './PreviewCard.tsx'

/** What is chosen of the topics, also what has not come back yet: the next press goes out from there, not from what was before. */
function useTopics(callId: string, told: readonly string[]) {
  const [wanted, setWanted] = useState<readonly string[] | null>(null)
  const { trouble, inTurn } = useAsks()
  const topics = wanted ?? told
  if (wanted !== null && wanted.length === told.length && wanted.every((topic) => told.includes(topic))) setWanted(null)
  const toggle = (topic: string): void => {
    const next = topics.includes(topic) ? topics.filter((one) => one !== topic) : [...topics, topic]
    setWanted(next)
    const send = (): Promise<void> =>
      campaignsApi.topics(callId, next).catch((error: unknown) => {
        setWanted(null)
        throw error
      })
    inTurn(JSON.stringify(next), send)
  }
  return { topics, toggle, trouble }
}

export function ContactPanel({ callId, contact }: { callId: string; contact: ContactOnDesk }) {
  const { t } = useText()
  const { topics, toggle, trouble } = useTopics(callId, contact.topics)
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
              className={topics.includes(topic) ? 'chip on' : 'chip'}
              aria-pressed={topics.includes(topic)}
              onClick={() => toggle(topic)}
            >
              {topic}
            </button>
          ))}
        </fieldset>
      )}
      {trouble !== null && (
        <p className="trouble s" role="alert">
          {trouble}
        </p>
      )}
      <Reschedule onDo={(when) => campaignsApi.reschedule(callId, when)} />
    </section>
  )
}
