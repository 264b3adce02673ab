import {
  Boxes,
  Database,
  FileUp,
  Gauge,
  HeartPulse,
  Key,
  KeyRound,
  Layers,
  type LucideIcon,
  ScrollText,
  Tags,
  Trash2,
  UserRound,
  Users,
} from "lucide-react";
import { type Action, useCan } from "@/session/me";

export interface ScreenEntry {
  key:
    | "overview"
    | "instances"
    | "import"
    | "bin"
    | "tags"
    | "environments"
    | "clusters"
    | "credentials"
    | "audit"
    | "users"
    | "tokens"
    | "profile"
    | "about";
  path: string;
  icon: LucideIcon;
  needs: Action | null;
  /** The second key after g. */
  letter: string;
  group: "register" | "labels" | "people";
}

/** All screens that the rail and the palette lead to, in their order. */
export const SCREENS: readonly ScreenEntry[] = [
  { key: "overview", path: "/", icon: Gauge, needs: "view", letter: "o", group: "register" },
  { key: "instances", path: "/instances", icon: Database, needs: "view", letter: "i", group: "register" },
  { key: "import", path: "/import", icon: FileUp, needs: "create", letter: "m", group: "register" },
  { key: "bin", path: "/recycle-bin", icon: Trash2, needs: "view", letter: "b", group: "register" },
  { key: "credentials", path: "/credentials", icon: KeyRound, needs: "view", letter: "c", group: "labels" },
  { key: "tags", path: "/tags", icon: Tags, needs: "view", letter: "t", group: "labels" },
  { key: "environments", path: "/environments", icon: Layers, needs: "view", letter: "e", group: "labels" },
  { key: "clusters", path: "/clusters", icon: Boxes, needs: "view", letter: "l", group: "labels" },
  { key: "audit", path: "/audit", icon: ScrollText, needs: "audit", letter: "a", group: "people" },
  { key: "users", path: "/users", icon: Users, needs: "users", letter: "u", group: "people" },
  { key: "tokens", path: "/tokens", icon: Key, needs: "token", letter: "k", group: "people" },
  { key: "profile", path: "/profile", icon: UserRound, needs: null, letter: "p", group: "people" },
  { key: "about", path: "/about", icon: HeartPulse, needs: null, letter: "h", group: "people" },
];

/** The screens that the role may see. */
export function useMyScreens(): ScreenEntry[] {
  const can = useCan();
  return SCREENS.filter(({ needs }) => needs === null || can(needs));
}

/** Whether a path is a screen or lies below it. */
export const isWithin = (path: string, { path: of }: Pick<ScreenEntry, "path">): boolean =>
  path === of || (of !== "/" && path.startsWith(`${of}/`));
