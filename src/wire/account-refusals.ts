/** Refusals about signing in, accounts and their passwords. */
import type { RefusalText } from './refusal-text.ts'

const text = (status: RefusalText['status'], en: string, sv: string): RefusalText => ({ status, en, sv })

/** What the edge refuses before the rules see it. */
export const accountEdge = {
  'oidc.answer': text(
    403,
    'The answer of the sign-in provider cannot be believed: try again.',
    'Svaret från inloggningstjänsten går inte att lita på: försök igen.',
  ),
  'oidc.denied': text(403, 'The sign-in provider said no.', 'Inloggningstjänsten sade nej.'),
  'oidc.noRole': text(
    403,
    'None of your groups gives you a role here, or it would take the last administrator away: ask an administrator.',
    'Ingen av dina grupper ger dig en roll här, eller så skulle den sista administratören försvinna: fråga en administratör.',
  ),
  'oidc.none': text(404, 'There is no sign-in provider here.', 'Här finns ingen inloggningstjänst.'),
  'oidc.noUser': text(403, 'You have no account here: ask an administrator.', 'Du har inget konto här: fråga en administratör.'),
  'oidc.otherUser': text(
    403,
    'The account of your name here is linked to somebody else at the sign-in provider: ask an administrator.',
    'Kontot med ditt namn här är kopplat till någon annan hos inloggningstjänsten: fråga en administratör.',
  ),
  'oidc.state': text(
    403,
    'This sign-in was not begun in this browser, or too long ago: begin again.',
    'Inloggningen påbörjades inte i den här webbläsaren, eller för länge sedan: börja om.',
  ),
  'oidc.strength': text(403, 'You did not sign in as strongly as is asked for here.', 'Du loggade inte in så starkt som det krävs här.'),
  'oidc.unavailable': text(
    503,
    'The sign-in provider cannot be reached just now; a password works.',
    'Inloggningstjänsten kan inte nås just nu; lösenord fungerar.',
  ),
  'password.common': text(
    422,
    'That password is among the commonest: others would guess it.',
    'Det lösenordet är bland de vanligaste: andra skulle gissa det.',
  ),
  'password.context': text(
    422,
    'A password is not made of your name, the organisation’s or Samtal’s.',
    'Ett lösenord byggs inte av ditt namn, organisationens eller Samtals.',
  ),
  'password.same': text(422, 'That is the password you have.', 'Det är det lösenord du har.'),
  'password.short': text(422, 'A password has 12 characters or more.', 'Ett lösenord har 12 tecken eller fler.'),
  'password.temporary': text(
    403,
    'Choose a password of your own first: this one was given to you by somebody else.',
    'Välj först ett eget lösenord: det här har du fått av någon annan.',
  ),
  'password.wrong': text(422, 'That is not the password you have.', 'Det är inte det lösenord du har.'),
  'user.agent': text(422, 'There is no such agent in the solution.', 'Det finns ingen sådan agent i lösningen.'),
  'user.changed': text(
    409,
    'Somebody else has changed this account meanwhile: read it again.',
    'Någon annan har ändrat kontot under tiden: läs in det igen.',
  ),
  'user.lastAdministrator': text(
    409,
    'Nobody would be left who can administrate: make somebody else an administrator first.',
    'Ingen skulle vara kvar som kan administrera: gör först någon annan till administratör.',
  ),
  'user.queues': text(422, 'There is no such queue or campaign.', 'Det finns ingen sådan kö eller kampanj.'),
  'user.taken': text(409, 'There is an account of that name already.', 'Det finns redan ett konto med det namnet.'),
  'user.unknown': text(404, 'There is no such account.', 'Det finns inget sådant konto.'),
  'session.required': text(401, 'Sign in first.', 'Logga in först.'),
  'session.refused': text(401, 'The name or the password is wrong.', 'Fel namn eller lösenord.'),
  'session.tooOften': text(429, 'Too many tries: wait a little.', 'För många försök: vänta en stund.'),
  'session.notAllowed': text(403, 'This is not for your role.', 'Det här är inte till för din roll.'),
  'session.noDesk': text(403, 'This account works as no agent.', 'Det här kontot arbetar inte som agent.'),
  'user.made': text(
    409,
    'This was done under that key already; the password was shown then and is kept nowhere. Give another one if it is lost.',
    'Det gjordes redan under den nyckeln; lösenordet visades då och sparas ingenstans. Ge ett nytt om det är borta.',
  ),
  'metrics.closed': text(
    401,
    'Figures are told on the machine itself, and to a token of the scope metrics.read.',
    'Mätvärden visas på själva maskinen, och för en token med behörigheten metrics.read.',
  ),
  'phone.none': text(403, 'This agent has no phone in the browser.', 'Den här agenten har ingen telefon i webbläsaren.'),
  'phone.tooMany': text(
    429,
    'So many phones in the browser are connected already: close a page.',
    'Så många telefoner i webbläsaren är redan anslutna: stäng en sida.',
  ),
  'phone.handshake': text(
    400,
    'Here a websocket that speaks SIP is opened, and nothing else.',
    'Här öppnas en websocket för SIP, och inget annat.',
  ),
  'session.noDemo': text(403, 'There is no sign-in without a password here.', 'Här finns ingen inloggning utan lösenord.'),
} as const
