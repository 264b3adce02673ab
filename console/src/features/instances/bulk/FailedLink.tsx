import { Link } from "@tanstack/react-router";
import { useBulkTexts } from "./texts";

/** To the instances that failed, the newest first. */
export function FailedLink() {
  const t = useBulkTexts();
  return (
    <Link
      to="/instances"
      search={{ outcome: "failed", sort: "last_attempt_at", order: "desc" }}
      preload={false}
    >
      {t("showFailed")}
    </Link>
  );
}
