import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { isApiError } from "@/api/errors";
import { Empty } from "@/parts/Empty";
import { Forbidden } from "@/parts/Forbidden";
import { Problem } from "@/parts/Problem";
import { Screen } from "@/parts/Screen";
import { InstancePage } from "./InstancePage";
import "./InstancePage.css";
import { instanceQuery } from "./queries";
import { useInstanceTexts } from "./texts";

function NotThere() {
  const t = useInstanceTexts();
  return (
    <Screen title={t("notFound")}>
      <Empty title={t("notFound")} hint={t("notFoundHint")}>
        <Link to="/instances">{t("toList")}</Link>
        <Link to="/recycle-bin">{t("toBin")}</Link>
      </Empty>
    </Screen>
  );
}

/** One instance: found, not found, not for this role, or not to be had at the moment. */
export function InstanceScreen() {
  const t = useInstanceTexts();
  const { instanceId } = useParams({ strict: false });
  const id = /^[1-9]\d{0,14}$/.test(instanceId ?? "") ? Number(instanceId) : null;
  const instance = useQuery({ ...instanceQuery(id ?? 0), enabled: id !== null });
  if (id === null || (isApiError(instance.error) && instance.error.status === 404)) return <NotThere />;
  if (instance.data) return <InstancePage key={id} instance={instance.data} />;
  if (isApiError(instance.error) && instance.error.status === 403) {
    return (
      <Screen title={t("instance")}>
        <Forbidden action="view" />
      </Screen>
    );
  }
  if (instance.error) {
    return (
      <Screen title={t("instance")}>
        <Problem error={instance.error} onRetry={() => void instance.refetch()} />
      </Screen>
    );
  }
  return (
    <Screen title={t("instance")}>
      <div className="instance-columns" aria-busy="true" aria-label={t("loadingPage")}>
        <div className="instance-ghost" />
        <div className="instance-ghost" />
      </div>
    </Screen>
  );
}
