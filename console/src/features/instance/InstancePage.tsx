import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tabs } from "antd";
import { useCallback } from "react";
import type { Check, Instance } from "@/api/types";
import { one, type Search } from "@/app/search";
import { Screen } from "@/parts/Screen";
import { StatusMark, stateOf } from "@/parts/StatusMark";
import { isHere } from "./check/isHere";
import { CheckBlock } from "./check/CheckBlock";
import { useChecking } from "./check/useChecking";
import { Facts } from "./facts/Facts";
import { Identity } from "./facts/Identity";
import { Relations } from "./facts/Relations";
import { Actions } from "./head/Actions";
import { BinBanner } from "./head/BinBanner";
import { Labels, Lead, ProductionBand } from "./head/Lead";
import { SuspendedBanner } from "./head/SuspendedBanner";
import { AsOf } from "./tabs/AsOf";
import { ChangesTab } from "./tabs/ChangesTab";
import { ChecksTab } from "./tabs/ChecksTab";
import { CommandsTab } from "./tabs/CommandsTab";
import { DetailsTab } from "./tabs/DetailsTab";
import { useInstanceTexts } from "./texts";
import { toTop } from "./toTop";

const TABS = ["checks", "changes", "commands", "details"] as const;
type Tab = (typeof TABS)[number];

const positive = (text: string | undefined): number | null =>
  text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null;

/** What the URL's query says of this page, and how to change it. */
function usePlace() {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const go = useCallback(
    (change: Record<string, string | undefined>, replace = false): void =>
      void navigate({
        to: ".",
        search: (before) => {
          const next: Search = {};
          for (const [key, value] of Object.entries({ ...before, ...change })) {
            if (value !== undefined) next[key] = value;
          }
          return next;
        },
        replace,
        resetScroll: false,
      }),
    [navigate],
  );
  const tab = TABS.find((name) => name === one(search, "tab")) ?? "checks";
  return {
    tab,
    check: positive(one(search, "check")),
    asOf: one(search, "as_of") ?? null,
    page: positive(one(search, "page")) ?? 1,
    go,
  };
}

/** The page of one instance: its check live, its facts, what it belongs to, and its history one tab away. */
export function InstancePage({ instance }: { instance: Instance }) {
  const t = useInstanceTexts();
  const { tab, check, asOf, page, go } = usePlace();
  const toNewest = useCallback(() => go({ check: undefined }, true), [go]);
  const checking = useChecking(instance.id, check, toNewest);
  const openCheck = useCallback(
    (chosen: Check) => {
      go({ check: String(chosen.id) });
      toTop();
    },
    [go],
  );
  const newest = checking.newest && isHere(checking.newest, instance) ? checking.newest : null;
  const state = newest?.status === "running" ? "running" : stateOf(newest?.outcome ?? instance.last_outcome);
  const panels: Record<Tab, () => React.ReactNode> = {
    checks: () => <ChecksTab instance={instance} shownId={checking.check?.id ?? null} onOpen={openCheck} />,
    changes: () => (
      <ChangesTab
        instance={instance}
        page={page}
        onPage={(next) => go({ page: next === 1 ? undefined : String(next) })}
        onAsOf={(at) => {
          go({ as_of: at });
          toTop();
        }}
      />
    ),
    commands: () => <CommandsTab instance={instance} />,
    details: () => <DetailsTab instance={instance} />,
  };
  const labels = {
    checks: t("tabChecks"),
    changes: t("tabChanges"),
    commands: t("tabCommands"),
    details: t("tabDetails"),
  };
  return (
    <>
      <ProductionBand instance={instance} />
      <Screen
        title={instance.name}
        before={<StatusMark state={state} />}
        lead={<Lead instance={instance} newest={newest} />}
        actions={<Actions instance={instance} isChecking={checking.isRunning} onCheck={checking.start} />}
      >
        <Labels instance={instance} />
        {instance.deleted_at !== null && <BinBanner instance={instance} />}
        <SuspendedBanner instance={instance} isChecking={checking.isRunning} onTry={checking.start} />
        {asOf !== null ? (
          <AsOf now={instance} at={asOf} onBack={() => go({ as_of: undefined })} />
        ) : (
          <>
            <div className="instance-columns">
              <div className="stack">
                <CheckBlock instance={instance} checking={checking} onNewest={toNewest} />
                <Relations instance={instance} />
                <Identity instance={instance} />
              </div>
              <Facts instance={instance} newest={newest} />
            </div>
            <section className="instance-tabs" aria-label={t("tabs")}>
              <Tabs
                activeKey={tab}
                onChange={(key) => go({ tab: key === "checks" ? undefined : key, page: undefined })}
                items={TABS.map((key) => ({
                  key,
                  label: labels[key],
                  children: key === tab ? <div className="instance-panel">{panels[key]()}</div> : null,
                }))}
              />
            </section>
          </>
        )}
      </Screen>
    </>
  );
}
