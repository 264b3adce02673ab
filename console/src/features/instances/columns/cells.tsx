import { useRouter } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import { Ago } from "@/parts/Ago";
import { Copyable } from "@/parts/Copyable";
import { Endpoint } from "@/parts/Endpoint";
import { Nothing } from "@/parts/Nothing";
import { hostPort, timeLimit } from "@/parts/format";
import { StatusMark, stateOf } from "@/parts/StatusMark";
import { usePartTexts } from "@/parts/texts";
import { useEnvironment } from "@/words/environments";
import { useWord } from "@/words/values";
import { useRunning } from "../bulk/running";
import type { Item } from "../queries";

/** A value as text; nothing is a dash. */
export function Plain({
  value,
  mono = false,
}: {
  value: string | number | null | undefined;
  mono?: boolean;
}) {
  if (value === null || value === undefined || value === "") return <Nothing />;
  return (
    <span className={mono ? "mono" : undefined} title={String(value)}>
      {value}
    </span>
  );
}

export function Word({ value }: { value: string | null | undefined }) {
  const word = useWord();
  return <Plain value={value && word(value)} />;
}

export function YesNo({ value }: { value: boolean | null | undefined }) {
  const t = usePartTexts();
  return value === null || value === undefined ? <Nothing /> : <span>{value ? t("yes") : t("no")}</span>;
}

export function Millis({ value }: { value: number | undefined }) {
  return value === undefined ? <Nothing /> : <span title={`${value} ms`}>{timeLimit(value)}</span>;
}

export function Outcome({ item, bare }: { item: Item; bare: boolean }) {
  const running = useRunning(item.id);
  return <StatusMark state={running ? "running" : stateOf(item.last_outcome)} bare={bare} />;
}

export function Name({ item }: { item: Item }) {
  const router = useRouter();
  const href = `/instances/${item.id}`;
  const retired = item.status === "active" ? "" : " cell-off";
  // A link of the router would follow every letter that is typed into the filter, a hundred times.
  const open = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void router.navigate({ to: "/instances/$instanceId", params: { instanceId: String(item.id) } });
  };
  return (
    <a className={`cell-name${retired}`} href={href} data-row-link onClick={open} title={item.name}>
      {item.name}
    </a>
  );
}

export function Engine({ item }: { item: Item }) {
  const word = useWord();
  return (
    <span title={[item.flavour, item.main_version].filter(Boolean).join(" ") || undefined}>
      {word(item.db_type ?? "")}
      {item.main_version && <span className="mono soft"> {item.main_version}</span>}
    </span>
  );
}

export function EndpointCell({ item: { host = "", port = 0 } }: { item: Item }) {
  const text = hostPort(host, port);
  return (
    <span className="cell-endpoint">
      <Copyable value={text} of={text}>
        <Endpoint host={host} port={port} />
      </Copyable>
    </span>
  );
}

export function Environment({ of }: { of: string | null | undefined }) {
  const environment = useEnvironment(of);
  if (!environment) return <Nothing />;
  return (
    <span
      className={environment.isProduction ? "cell-environment cell-production" : "cell-environment"}
      title={environment.name}
    >
      {environment.name}
    </span>
  );
}

export function Tags({ item }: { item: Item }) {
  const tags = item.tags ?? [];
  if (tags.length === 0) return <Nothing />;
  return (
    <span className="cell-tags" title={tags.map((one) => one.name).join(", ")}>
      {tags.map((one) => (
        <span key={one.id} className="cell-tag">
          {one.color && <span className="cell-dot" style={{ background: one.color }} aria-hidden="true" />}
          {one.name}
        </span>
      ))}
    </span>
  );
}

export function LastCheck({ item }: { item: Item }) {
  const running = useRunning(item.id);
  if (running) return <StatusMark state="running" />;
  return (
    <span className="cell-check">
      <Ago at={item.last_attempt_at} />
      {item.last_cause && (
        <span className="mono soft cut" title={item.last_cause}>
          {item.last_cause}
        </span>
      )}
    </span>
  );
}

export function Criticality({ value }: { value: number | null | undefined }) {
  return value === null || value === undefined ? (
    <Nothing />
  ) : (
    <span className={value === 1 ? "cell-highest" : undefined}>{value}</span>
  );
}
