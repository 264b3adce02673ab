import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import type { Search } from "@/app/search";
import { Ago } from "@/parts/Ago";
import { Empty } from "@/parts/Empty";
import { Forbidden } from "@/parts/Forbidden";
import { Problem } from "@/parts/Problem";
import { Screen } from "@/parts/Screen";
import { usePartTexts } from "@/parts/texts";
import { useCan, useMe } from "@/session/me";
import { Attention } from "./Attention";
import { Changes } from "./Changes";
import { Engines } from "./engines/Engines";
import { Environments } from "./Environments";
import { Failures } from "./failures/Failures";
import { Figures } from "./Figures";
import "./OverviewScreen.css";
import { type Overview, overviewQuery } from "./queries";
import { isEverything, questionOf, type Scope, scopeOf } from "./scope";
import { ScopeSwitch } from "./ScopeSwitch";
import { useOverviewTexts } from "./texts";
import { Waiting } from "./Waiting";
import { WayIn } from "./WayIn";

function Sheet({ overview, scope }: { overview: Overview; scope: Scope }) {
  const t = useOverviewTexts();
  const navigate = useNavigate();
  if (overview.total === 0) {
    return (
      <div className="overview-sheet">
        {isEverything(scope) ? (
          <WayIn />
        ) : (
          <Empty title={t("emptyScope")} hint={t("emptyScopeHint")}>
            <Button type="primary" onClick={() => void navigate({ to: "/", search: {} })}>
              {t("showEverything")}
            </Button>
          </Empty>
        )}
        {overview.changes.length > 0 && <Changes changes={overview.changes} />}
      </div>
    );
  }
  return (
    <div className="overview-sheet">
      <Figures overview={overview} />
      <div className="overview-body">
        <Failures failures={overview.failures} />
        <Attention overview={overview} />
        <Engines overview={overview} />
        <Environments overview={overview} />
        <Changes changes={overview.changes} />
      </div>
    </div>
  );
}

/** The first screen of the morning: how much works, what fails and why, what wants attention, what changed. */
export function OverviewScreen() {
  const t = useOverviewTexts();
  const part = usePartTexts();
  const can = useCan();
  const me = useMe();
  const scope = scopeOf(useSearch({ strict: false }) as Search);
  const may = can("view");
  const answer = useQuery({ ...overviewQuery(questionOf(scope, me?.username ?? "")), enabled: may });
  const { data, error, refetch } = answer;

  if (!may) {
    return (
      <Screen title={t("title")}>
        <Forbidden action="view" />
      </Screen>
    );
  }
  return (
    <Screen
      title={t("title")}
      lead={
        data && (
          <span className="overview-age">
            {error ? <span className="overview-old">{t("notRefreshed")}</span> : t("asOf")}
            <Ago at={data.at} />
            {error && (
              <Button size="small" onClick={() => void refetch()}>
                {part("retry")}
              </Button>
            )}
          </span>
        )
      }
      actions={<ScopeSwitch scope={scope} />}
    >
      {data ? (
        <Sheet overview={data} scope={scope} />
      ) : error ? (
        <div className="overview-sheet">
          <Problem error={error} onRetry={() => void refetch()} />
        </div>
      ) : (
        <Waiting />
      )}
    </Screen>
  );
}
