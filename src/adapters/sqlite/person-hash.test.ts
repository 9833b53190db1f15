import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PersonHash } from './person-hash.ts'

test('it is the first 16 bytes of HMAC-SHA-256 as RFC 4231 has it (test case 2)', () => {
  expect(new PersonHash(Buffer.from('Jefe')).of('what do ya want for nothing?').toString('hex')).toBe('5bdcc146bf60754e6a042426089575c7')
})

test("it is what Node's own HMAC gives, whatever the key and the number", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.string(), (key, number) => {
      const expected = createHmac('sha256', key).update(number).digest().subarray(0, 16)
      expect(new PersonHash(Buffer.from(key)).of(number)).toEqual(expected)
    }),
  )
})
