import { describe, expect, it } from '@jest/globals'

// The page's files are checked with the types of a browser, by console/page/tsconfig.json.
const fileOf = (name: string) => import(`../../../console/page/${name}.js`)
const { saidReason } = await fileOf('reason')
const { wordsIn } = await fileOf('texts')

describe('the reason of a failed delivery', () => {
  it.each([
    [
      'SMTP 451 4.7.1 to RCPT TO',
      'The mail server asks to try again later (greylisting or limits)',
    ],
    ['SMTP 452 4.2.2 to RCPT TO', 'The mailbox is full'],
    ['SMTP 450 4.2.0 to RCPT TO', 'The mailbox is unavailable at the moment'],
    ['SMTP 421 to EHLO', 'The mail server asks to try again later'],
    ['SMTP 451 4.0.0 to DATA', 'The mail server asks to try again later'],
  ])('is said in words before the code of a mail server: %s', (reason, said) => {
    expect(saidReason(reason, wordsIn('en'))).toBe(`${said}: ${reason}`)
  })

  it.each(['SMTP 550 5.1.1 to RCPT TO', 'ETIMEDOUT', 'HTTP 451'])(
    'is left as it is: %s',
    (reason) => {
      expect(saidReason(reason, wordsIn('ru'))).toBe(reason)
    },
  )
})
