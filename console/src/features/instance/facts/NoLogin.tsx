import { Link } from "@tanstack/react-router";
import type { Instance } from "@/api/types";
import { toTop } from "../toTop";
import { useFactTexts } from "./texts";

/** Why there are hardly any facts: no check came so far as to read them; the last one says how far it came. */
export function NoLogin({
  instance,
  checks,
  lastId,
}: {
  instance: Pick<Instance, "last_success_at">;
  /** How many checks are known, none of which logged in. */
  checks: number;
  lastId: number;
}) {
  const t = useFactTexts();
  return (
    <p className="facts-part soft">
      {instance.last_success_at === null ? t("noLogin") : t("noLoginLately", { count: checks })}{" "}
      <Link
        to="."
        search={(before) => ({ ...before, check: String(lastId) })}
        resetScroll={false}
        onClick={toTop}
      >
        {t("lastCheck")}
      </Link>
    </p>
  );
}
