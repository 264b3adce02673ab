import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Radio, Select } from "antd";
import { useState } from "react";
import { useLanguage } from "@/i18n/texts";
import { environmentName, environmentsQuery } from "@/words/environments";
import { ownersQuery } from "./queries";
import { EVERYTHING, isEverything, type Scope, searchOfScope } from "./scope";
import "./ScopeSwitch.css";
import { useOverviewTexts } from "./texts";

/** Stands for "without one": a value that a select can hold. */
const NONE = "";

function OwnerSelect({
  owner,
  onChoose,
}: {
  owner: string | null;
  onChoose: (owner: string | null) => void;
}) {
  const t = useOverviewTexts();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const owners = useQuery({ ...ownersQuery, enabled: open });
  const wanted = typed.trim();
  const found = (owners.data ?? []).filter((name) => name.toLowerCase().includes(wanted.toLowerCase()));
  // What is typed can be chosen as it is: the names that were found need not be all that there are.
  const names = new Set([...found, ...(wanted ? [wanted] : owner ? [owner] : [])]);
  return (
    <Select
      className="scope-select"
      aria-label={t("owner")}
      placeholder={t("anyOwner")}
      value={owner}
      open={open}
      onOpenChange={setOpen}
      allowClear
      showSearch={{ searchValue: typed, onSearch: setTyped, filterOption: false }}
      loading={open && owners.isFetching}
      options={[
        ...[...names].map((name) => ({ value: name, label: name })),
        { value: NONE, label: t("noOwner") },
      ]}
      onChange={(chosen: string | undefined) => {
        setTyped("");
        onChoose(chosen ?? null);
      }}
    />
  );
}

/** Everything, what is mine, an environment, an owner: it stands in the URL. */
export function ScopeSwitch({ scope }: { scope: Scope }) {
  const t = useOverviewTexts();
  const shown = useLanguage();
  const navigate = useNavigate();
  const environments = useQuery(environmentsQuery).data ?? [];
  const go = (change: Partial<Scope>): void =>
    void navigate({ to: "/", search: searchOfScope({ ...scope, ...change }) });
  const known = environments.map((one) => ({ value: one.key, label: environmentName(one, shown) }));
  const { environment } = scope;
  if (environment && !known.some((one) => one.value === environment))
    known.unshift({ value: environment, label: environment });
  return (
    <div className="scope" role="group" aria-label={t("scope")}>
      <Radio.Group
        optionType="button"
        aria-label={t("scope")}
        value={isEverything(scope) ? "everything" : scope.mine ? "mine" : null}
        options={[
          { value: "everything", label: t("everything") },
          { value: "mine", label: t("mine") },
        ]}
        onChange={({ target }) => go(target.value === "mine" ? { mine: true, owner: null } : EVERYTHING)}
      />
      <Select
        className="scope-select"
        aria-label={t("environment")}
        placeholder={t("anyEnvironment")}
        value={environment}
        allowClear
        options={[...known, { value: NONE, label: t("noEnvironment") }]}
        onChange={(chosen: string | undefined) => go({ environment: chosen ?? null })}
      />
      <OwnerSelect owner={scope.owner} onChoose={(owner) => go({ owner, mine: false })} />
    </div>
  );
}
