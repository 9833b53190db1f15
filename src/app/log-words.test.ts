import { describe, expect, test } from 'vitest'
import { cleanFields, cleanText } from './log-words.ts'

describe('numbers of people are masked', () => {
  test.each([
    ['the leg to +46701740670 failed', 'the leg to …70 failed'],
    ['"070-174 06 70" cannot be dialled', '"…70" cannot be dialled'],
    ['PJSIP/0046701740670@carrier', 'PJSIP/…70@carrier'],
    ['sip:46701740670@192.0.2.7', 'sip:…70@192.0.2.7'],
  ])('%s', (text, clean) => {
    expect(cleanText(text)).toBe(clean)
  })
  test.each([
    '2026-11-25T12:00:00.000Z',
    'position 1234567, expected 1234568',
    'listening at 127.0.0.1:4080',
    'call c01m89zskvfspkckrw8hnvmwkg41 is set aside',
    'the clock is at 1795000000000',
  ])('and nothing else: %s', (text) => expect(cleanText(text)).toBe(text))
})

describe('secrets are left out', () => {
  test('by the names of their fields, at any depth', () => {
    const fields = { password: 'x', headers: { cookie: 'a', Authorization: 'b', accept: 'c' }, list: [{ clientSecret: 'd' }], code: 'e' }
    expect(cleanFields(fields)).toEqual({
      password: '[withheld]',
      headers: { cookie: '[withheld]', Authorization: '[withheld]', accept: 'c' },
      list: [{ clientSecret: '[withheld]' }],
      code: '[withheld]',
    })
  })
  test('in the midst of a text, and in the stack of an error', () => {
    const told = cleanFields({
      text: 'asked with Bearer samtal_abcdefghij and samtal=abc-def',
      events: 'no answer from ws://127.0.0.1:8088/ari/events?app=samtal&api_key=samtal:hemligt1&subscribeAll=false',
      ari: 'no answer from http://samtal:hemligt2@127.0.0.1:8088/ari',
      provider: 'refused: authorization: Bearer eyJhbGciOiJ.e30.c2lnbmF0dXJl',
      hash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
      error: new Error('no answer from +46701740670'),
    })
    expect(JSON.stringify(told)).not.toMatch(/abcdefghij|abc-def|hemligt|eyJhbGci|c2FsdA|1740670/)
    expect(JSON.stringify(told)).toContain('no answer from …70')
  })
  test('what says nothing stays as it is', () => {
    expect(cleanFields({ calls: 3, ok: true, none: null, tokens: 2 })).toEqual({ calls: 3, ok: true, none: null, tokens: 2 })
  })
})
