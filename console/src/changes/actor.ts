import { useCallback } from "react";
import { defineTexts } from "@/i18n/texts";

const ZH = {
  check: "检测",
  audit: "审计维护",
  job: "后台任务 {{name}}",
  cli: "{{name}}（命令行）",
  anonymous: "未登录者",
};
const EN: typeof ZH = {
  check: "check",
  audit: "audit upkeep",
  job: "job {{name}}",
  cli: "{{name}} (command line)",
  anonymous: "not logged in",
};

const { useTexts } = defineTexts("changes.actors", { zh: ZH, en: EN });

/** Who did something; `id` is null where that is no user of Muster. */
export interface Who {
  id: number | null;
  username: string;
}

interface Said {
  key: keyof typeof ZH;
  name: string;
}

/**
 * What stands for an actor that is no user; null for a user, and for one of whom nothing is known.
 *
 * The API calls a job of Muster `job:<what>`, and whoever works at its own machine `cli:<user of the system>`.
 */
export function saidOf({ id, username }: Who): Said | null {
  if (id !== null) return null;
  if (username === "anonymous") return { key: "anonymous", name: "" };
  const at = username.indexOf(":");
  const name = username.slice(at + 1);
  switch (username.slice(0, at)) {
    case "job":
      return { key: name === "check" || name === "audit" ? name : "job", name };
    case "cli":
      return { key: "cli", name };
    default:
      return null;
  }
}

/** `actor({ id: null, username: "job:check" })`: who it was, in words; a user by the user's name. */
export function useActorWord(): (of: Who) => string {
  const t = useTexts();
  return useCallback(
    (of) => {
      const said = saidOf(of);
      return said === null ? of.username : t(said.key, { name: said.name });
    },
    [t],
  );
}
