/** Starts the browser application: language, questions to the server, the session, the stream, the pages. */
import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
  type RouteComponent,
  RouterProvider,
} from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo } from 'react'
import { createRoot } from 'react-dom/client'
import type { Session } from '#wire/session.ts'
import { api, Refused, streamAddress } from './api.ts'
import { FirstPassword } from './pages/AccountPage.tsx'
import { DeskPage } from './pages/DeskPage.tsx'
import { SignIn } from './pages/SignIn.tsx'
import { awaitPagesOf } from './parts/keys.ts'
import { Notice, Trouble } from './parts/Notice.tsx'
import { guardDoubleClicks } from './parts/once.ts'
import { Shell } from './parts/Shell.tsx'
import { hasDesk, SessionProvider, seesLive, useSession } from './parts/session.tsx'
import { readAuditPlace } from './state/audit-place.ts'
import { readPlace } from './state/directory-place.ts'
import { readFilters } from './state/filters.ts'
import { follow, usePictureOf } from './state/store.ts'
import { PlaceContext, TextProvider, useText } from './text/intl.tsx'
import './styles/tokens.css'
import './styles/app.css'
import './styles/samtal.css'
import './styles/directory.css'
import './styles/campaigns.css'
import './styles/admin.css'
import './styles/persons.css'
import './styles/cards.css'

/** What was fetched before is fetched again where the stream starts anew; what is on no page now is forgotten at once. */
function useFetchedAnew(): void {
  const client = useQueryClient()
  const snapshots = usePictureOf((picture) => picture.snapshots)
  useEffect(() => {
    if (snapshots <= 1) return
    client.removeQueries({ type: 'inactive' })
    void client.invalidateQueries()
  }, [client, snapshots])
}

function SignedIn({ session, children }: { session: Session; children: ReactNode }) {
  useEffect(() => follow(streamAddress), [])
  useFetchedAnew()
  const { zone, country } = session.solution
  const place = useMemo(() => ({ zone, country }), [zone, country])
  return (
    <SessionProvider value={session}>
      <PlaceContext value={place}>
        <Shell>{children}</Shell>
      </PlaceContext>
    </SessionProvider>
  )
}

function Root() {
  const { t } = useText()
  const session = useQuery({ queryKey: ['session'], queryFn: api.session, staleTime: Number.POSITIVE_INFINITY })
  if (session.data?.mustChangePassword) return <FirstPassword session={session.data} />
  if (session.data !== undefined) {
    return (
      <SignedIn session={session.data}>
        <Outlet />
      </SignedIn>
    )
  }
  if (session.error instanceof Refused && session.error.status === 401) return <SignIn />
  return (
    <main className="alone">
      {session.error === null ? (
        <Notice busy alone>
          {t('state.loading')}
        </Notice>
      ) : (
        <Trouble alone error={session.error} retry={() => void session.refetch()} />
      )}
    </main>
  )
}

function Home() {
  const session = useSession()
  return <Navigate to={seesLive(session) ? '/archive' : hasDesk(session) ? '/desk' : '/archive'} replace />
}

function NotFound() {
  const { t } = useText()
  return <Notice alone>{t('state.notFound')}</Notice>
}

/** Each comes with its own first visit, so that a desk is there sooner. */
const AccountPage = lazyRouteComponent(() => import('./pages/AccountPage.tsx'), 'AccountPage')
const AuditPage = lazyRouteComponent(() => import('./pages/AuditPage.tsx'), 'AuditPage')
const TokensPage = lazyRouteComponent(() => import('./pages/TokensPage.tsx'), 'TokensPage')
const UsersPage = lazyRouteComponent(() => import('./pages/UsersPage.tsx'), 'UsersPage')
const ArchivePage = lazyRouteComponent(() => import('./pages/archive.ts'), 'ArchivePage')
const CallPage = lazyRouteComponent(() => import('./pages/archive.ts'), 'CallPage')
const LivePage = lazyRouteComponent(() => import('./pages/LivePage.tsx'), 'LivePage')
const CampaignContactsPage = lazyRouteComponent(() => import('./pages/CampaignContactsPage.tsx'), 'CampaignContactsPage')
const CampaignImportPage = lazyRouteComponent(() => import('./pages/CampaignImportPage.tsx'), 'CampaignImportPage')
const CampaignPage = lazyRouteComponent(() => import('./pages/CampaignPage.tsx'), 'CampaignPage')
const CampaignSettingsPage = lazyRouteComponent(() => import('./pages/CampaignSettingsPage.tsx'), 'CampaignSettingsPage')
const CampaignsPage = lazyRouteComponent(() => import('./pages/CampaignsPage.tsx'), 'CampaignsPage')
const DirectoryPage = lazyRouteComponent(() => import('./pages/DirectoryPage.tsx'), 'DirectoryPage')
const DoNotCallPage = lazyRouteComponent(() => import('./pages/DoNotCallPage.tsx'), 'DoNotCallPage')
const PacePage = lazyRouteComponent(() => import('./pages/PacePage.tsx'), 'PacePage')

const PersonsPage = lazyRouteComponent(() => import('./pages/PersonsPage.tsx'), 'PersonsPage')

const rootRoute = createRootRoute({ component: Root, notFoundComponent: NotFound })
const at = <P extends string>(path: P, component: RouteComponent) => createRoute({ getParentRoute: () => rootRoute, path, component })
const routeTree = rootRoute.addChildren([
  at('/', Home),
  createRoute({ getParentRoute: () => rootRoute, path: '/archive', component: ArchivePage, validateSearch: readFilters }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/archive/$callId',
    component: CallPage,
    validateSearch: (search: Record<string, unknown>): { event?: string } =>
      typeof search['event'] === 'string' ? { event: search['event'] } : {},
  }),
  at('/live', LivePage),
  at('/account', AccountPage),
  at('/users', UsersPage),
  at('/tokens', TokensPage),
  createRoute({ getParentRoute: () => rootRoute, path: '/audit', component: AuditPage, validateSearch: readAuditPlace }),
  at('/campaigns', CampaignsPage),
  at('/campaigns/new', CampaignSettingsPage),
  at('/campaigns/$campaignId', CampaignPage),
  at('/campaigns/$campaignId/settings', CampaignSettingsPage),
  at('/campaigns/$campaignId/contacts', CampaignContactsPage),
  at('/campaigns/$campaignId/import', CampaignImportPage),
  at('/campaigns/pace', PacePage),
  at('/do-not-call', DoNotCallPage),
  at('/persons', PersonsPage),
  createRoute({ getParentRoute: () => rootRoute, path: '/directory', component: DirectoryPage, validateSearch: readPlace }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/desk',
    component: DeskPage,
    // A telephone link of another page: fills the number field, and dials nothing by itself.
    validateSearch: (search: Record<string, unknown>): { dial?: string } =>
      typeof search['dial'] === 'string' ? { dial: search['dial'] } : {},
  }),
])

const router = createRouter({
  routeTree,
  // Addresses are for people: plain `name=value`, no JSON in them.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const query = new URLSearchParams(Object.entries(search).filter(([, value]) => value !== undefined) as [string, string][])
    return query.size === 0 ? '' : `?${query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':')}`
  },
  scrollRestoration: true,
})
declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

awaitPagesOf(router)
guardDoubleClicks()

const isWorthAgain = (count: number, error: Error): boolean =>
  count < 2 && (!(error instanceof Refused) || error.status === 0 || error.status >= 500)
const client = new QueryClient({ defaultOptions: { queries: { retry: isWorthAgain, refetchOnWindowFocus: false, staleTime: 2000 } } })

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for the application.')
createRoot(root).render(
  <TextProvider>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </TextProvider>,
)
