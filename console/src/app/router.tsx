import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router";
import { Frame } from "@/frame/Frame";
import { NotFound } from "@/frame/NotFound";
import { Problem } from "@/parts/Problem";
import { parseSearch, type Search, stringifySearch } from "./search";

const validateSearch = (search: Record<string, unknown>): Search => search as Search;

function NoScreen() {
  return (
    <Frame>
      <NotFound />
    </Frame>
  );
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NoScreen, validateSearch });
const inFrame = createRoute({ getParentRoute: () => root, id: "frame", component: Frame });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: lazyRouteComponent(() => import("@/features/login/LoginScreen"), "LoginScreen"),
});

/** Screens are loaded when they are first shown. */
const screens = [
  createRoute({
    getParentRoute: () => inFrame,
    path: "/",
    component: lazyRouteComponent(() => import("@/features/overview/OverviewScreen"), "OverviewScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/instances",
    component: lazyRouteComponent(() => import("@/features/instances/InstancesScreen"), "InstancesScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/instances/new",
    component: lazyRouteComponent(() => import("@/features/edit/CreateScreen"), "CreateScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/instances/$instanceId",
    component: lazyRouteComponent(() => import("@/features/instance/InstanceScreen"), "InstanceScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/instances/$instanceId/edit",
    component: lazyRouteComponent(() => import("@/features/edit/EditScreen"), "EditScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/import",
    component: lazyRouteComponent(() => import("@/features/imports/ImportScreen"), "ImportScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/recycle-bin",
    component: lazyRouteComponent(() => import("@/features/bin/RecycleBinScreen"), "RecycleBinScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/tags",
    component: lazyRouteComponent(() => import("@/features/labels/TagsScreen"), "TagsScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/environments",
    component: lazyRouteComponent(() => import("@/features/labels/EnvironmentsScreen"), "EnvironmentsScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/clusters",
    component: lazyRouteComponent(() => import("@/features/labels/ClustersScreen"), "ClustersScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/credentials",
    component: lazyRouteComponent(
      () => import("@/features/credentials/CredentialsScreen"),
      "CredentialsScreen",
    ),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/credentials/$credentialId",
    component: lazyRouteComponent(
      () => import("@/features/credentials/CredentialScreen"),
      "CredentialScreen",
    ),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/audit",
    component: lazyRouteComponent(() => import("@/features/audit/AuditScreen"), "AuditScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/users",
    component: lazyRouteComponent(() => import("@/features/users/UsersScreen"), "UsersScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/tokens",
    component: lazyRouteComponent(() => import("@/features/tokens/TokensScreen"), "TokensScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/profile",
    component: lazyRouteComponent(() => import("@/features/profile/ProfileScreen"), "ProfileScreen"),
  }),
  createRoute({
    getParentRoute: () => inFrame,
    path: "/about",
    component: lazyRouteComponent(() => import("@/features/about/AboutScreen"), "AboutScreen"),
  }),
];

/** Whether the path is another one since the page before: a filter, a tab or a drawer leaves the page where it is. */
let isOtherPage = true;

export const router = createRouter({
  routeTree: root.addChildren([login, inFrame.addChildren(screens)]),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultErrorComponent: ({ error, reset }) => <Problem error={error} onRetry={reset} />,
  scrollRestoration: true,
  scrollToTopSelectors: [() => (isOtherPage ? document.getElementById("content") : null)],
});
router.subscribe("onBeforeLoad", ({ pathChanged }) => {
  isOtherPage = pathChanged;
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
