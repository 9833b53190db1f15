/** Language, dates, numbers and telephone numbers for the whole application. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { IntlProvider, useIntl } from 'react-intl'
import { en, type MessageId } from './en.ts'
import { sv } from './sv.ts'

export const LANGUAGES = { en, sv }
export type Language = keyof typeof LANGUAGES
const isLanguage = (word: string | null | undefined): word is Language => word !== null && word !== undefined && word in LANGUAGES

const STORED = 'samtal.language'
const firstLanguage = (): Language => {
  const stored = localStorage.getItem(STORED)
  if (isLanguage(stored)) return stored
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en'
}

/** The browser's habits in this language, where it has any. */
const localeOf = (language: Language): string =>
  navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? { en: 'en-GB', sv: 'sv-SE' }[language]

const LanguageContext = createContext<{ language: Language; choose: (language: Language) => void }>({
  language: 'en',
  choose: () => undefined,
})
export const useLanguage = () => useContext(LanguageContext)

export function TextProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage)
  const value = useMemo(() => {
    document.documentElement.lang = language
    return {
      language,
      choose: (next: Language) => {
        localStorage.setItem(STORED, next)
        setLanguage(next)
      },
    }
  }, [language])
  return (
    <LanguageContext value={value}>
      <IntlProvider locale={localeOf(language)} messages={LANGUAGES[language]} defaultLocale="en">
        {children}
      </IntlProvider>
    </LanguageContext>
  )
}

export type Text = (id: MessageId, values?: Record<string, string | number>) => string
/** Words of a closed list that may have grown: an unknown one is shown as it came. */
export type WordOf = (list: string, word: string) => string

const isMessage = (id: string): id is MessageId => id in en

export function useText(): { t: Text; word: WordOf } {
  const intl = useIntl()
  return useMemo(() => {
    const t: Text = (id, values) => intl.formatMessage({ id }, values)
    const word: WordOf = (list, one) => (isMessage(`${list}.${one}`) ? t(`${list}.${one}` as MessageId) : one)
    return { t, word }
  }, [intl])
}

/** Where the solution is: its zone for every time, its country for its numbers. */
export const PlaceContext = createContext<{ zone: string; country: string | undefined }>({ zone: 'UTC', country: undefined })

export interface Times {
  readonly zone: string
  /** `09:41:12` */
  clock: (ms: number) => string
  /** `09:41` */
  minute: (ms: number) => string
  /** `Thursday 19 November 2026` */
  longDate: (ms: number) => string
  /** `19 Nov`; of another year than this one: `19 Nov 2025` */
  shortDate: (ms: number) => string
  percent: (ratio: number) => string
  count: (n: number) => string
}

export function useTimes(): Times {
  const { locale } = useIntl()
  const { zone } = useContext(PlaceContext)
  return useMemo(() => {
    const format = (options: Intl.DateTimeFormatOptions) => {
      const made = new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options })
      return (ms: number) => made.format(ms)
    }
    const [thisYear, anyYear] = [format({ day: 'numeric', month: 'short' }), format({ day: 'numeric', month: 'short', year: 'numeric' })]
    const year = format({ year: 'numeric' })
    const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
    const count = new Intl.NumberFormat(locale)
    return {
      zone,
      clock: format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
      minute: format({ hour: '2-digit', minute: '2-digit' }),
      longDate: format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
      shortDate: (ms) => (year(ms) === year(Date.now()) ? thisYear(ms) : anyYear(ms)),
      percent: (ratio) => percent.format(ratio),
      count: (n) => count.format(n),
    }
  }, [locale, zone])
}

/** A number as people write it: the solution's own country without its code, others with it; what is no number stays as it is. */
const written = (number: string, country: string | undefined): string => {
  const parsed = number.startsWith('+') ? parsePhoneNumberFromString(number) : undefined
  if (parsed === undefined) return number
  return parsed.country !== undefined && parsed.country === country ? parsed.formatNational() : parsed.formatInternational()
}

export function useNumbers(): (number: string) => string {
  const { country } = useContext(PlaceContext)
  return useMemo(() => {
    const known = new Map<string, string>()
    return (number) => {
      const text = known.get(number) ?? written(number, country)
      if (known.size > 2000) known.clear()
      known.set(number, text)
      return text
    }
  }, [country])
}
