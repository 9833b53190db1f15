/** From what a provider says of somebody to the account he signs in to: found, linked, given its role, or made where that is wanted. */
import type { Role, User } from '#ports/accounts.ts'
import { type Identity, IdentityRefused, type IdentityRules, type SignInProvider } from '#ports/identity.ts'
import type { HttpDeps } from './deps.ts'
import { refused } from './problems.ts'

/** An account of this name can be signed in to by hand too; no other characters reach the page. */
const NAME = /^[\p{L}\p{N}._@-]{1,100}$/u

function nameIn(claims: Identity['claims'], claim: string): string | null {
  const name = claims[claim]
  if (typeof name !== 'string' || !NAME.test(name)) return null
  // An address nobody has shown to be his may be anybody's, also where the provider says nothing of it. Some write the word as text.
  const shown = claims['email_verified'] === true || claims['email_verified'] === 'true'
  return claim === 'email' && !shown ? null : name
}

const groupsIn = (claim: unknown): readonly string[] =>
  Array.isArray(claim) ? claim.filter((group) => typeof group === 'string') : typeof claim === 'string' ? claim.split(/[\s,]+/) : []

/** The role its groups give; undefined: roles are not given by groups; null: none of them gives one. */
function roleIn(claims: Identity['claims'], { roleClaim, roles }: IdentityRules): Role | null | undefined {
  if (roleClaim === null) return undefined
  const groups = groupsIn(claims[roleClaim])
  return roles.find(({ group }) => groups.includes(group))?.role ?? null
}

async function made(deps: HttpDeps, name: string, role: Role, { claims, subject }: Identity): Promise<User> {
  const said = claims['name']
  const displayName = typeof said === 'string' && said.trim() !== '' ? said.trim().slice(0, 100) : name
  const agentId = role === 'agent' && deps.engine.solution().agents[name] !== undefined ? name : null
  const user: User = { name, displayName, role, agentId, queues: null }
  if (!(await deps.accounts.addUser({ ...user, passwordHash: 'none' })) || !(await deps.accounts.linkSubject(name, subject)))
    throw refused('oidc.otherUser')
  return user
}

/** The account, as it is when he is signed in; `tried`: told of one there is. Refuses who has none, or no role. */
export async function accountFor(
  deps: HttpDeps,
  { rules }: SignInProvider,
  identity: Identity,
  tried: (name: string) => void,
): Promise<{ readonly user: User; readonly created: boolean }> {
  const { accounts } = deps
  const role = roleIn(identity.claims, rules)
  if (role === null) throw refused('oidc.noRole')
  const linked = await accounts.userOfSubject(identity.subject)
  const name = linked?.name ?? nameIn(identity.claims, rules.userClaim)
  if (name === null) throw refused('oidc.noUser')
  const found = linked ?? (await accounts.user(name))
  if (found === null) {
    const isThere = (await accounts.accounts()).some((one) => one.name.toLowerCase() === name.toLowerCase())
    if (isThere || !rules.createsUsers || role === undefined) throw refused('oidc.noUser')
    return { user: await made(deps, name, role, identity), created: true }
  }
  tried(found.name)
  if (linked === null && !(await accounts.linkSubject(found.name, identity.subject))) throw refused('oidc.otherUser')
  if (role !== undefined && role !== found.role && (await accounts.changeUser(found.name, { role })) !== 'changed')
    throw refused('oidc.noRole')
  const { displayName, agentId, queues } = found
  return { user: { name: found.name, displayName, agentId, queues, role: role ?? found.role }, created: false }
}

/** Its errors as the server's own. */
export function asRefusal(error: unknown): unknown {
  return error instanceof IdentityRefused ? refused(error.code) : error
}
