import { Link } from "@tanstack/react-router";
import { ShieldAlert } from "lucide-react";
import type { Check, Instance } from "@/api/types";
import { useLanguage } from "@/i18n/texts";
import { Ago, useNow } from "@/parts/Ago";
import { Copyable } from "@/parts/Copyable";
import { hostPort } from "@/parts/format";
import { useEnvironment } from "@/words/environments";
import { useInstanceTexts } from "../texts";
import { useWord } from "@/words/values";
import "./Head.css";

/** A band that nobody overlooks. */
export function ProductionBand({ instance }: { instance: Instance }) {
  const t = useInstanceTexts();
  const shown = useLanguage();
  const environment = useEnvironment(instance.environment);
  if (!environment?.isProduction) return null;
  const word = shown === "zh" ? t("production") : t("production").toUpperCase();
  return (
    <div className="head-production">
      <ShieldAlert size={16} aria-hidden="true" />
      <strong>{word}</strong>
      <span>{environment.name}</span>
      <span>{t("productionHint", { name: instance.name })}</span>
    </div>
  );
}

/** Engine, version, role and endpoint. */
export function Lead({ instance, newest }: { instance: Instance; newest: Check | null }) {
  const t = useInstanceTexts();
  const word = useWord();
  const role = newest?.server?.role ?? instance.role;
  const engine = [word(instance.db_type), instance.database_version ?? instance.main_version].filter(Boolean);
  const endpoint = hostPort(instance.host, instance.port);
  return (
    <div className="head-line">
      <span>
        {engine.join(" ")}
        {role && role !== "unknown" && ` · ${word(role)}`}
      </span>
      <Copyable value={endpoint} of={t("endpoint")} />
    </div>
  );
}

/** Whether events are held back at this moment. */
export function useIsMuted(instance: Instance): boolean {
  const now = useNow();
  return instance.muted_until !== null && Date.parse(instance.muted_until) > now;
}

/** Environment and tags, each a link to its like, and when a login worked last. */
export function Labels({ instance }: { instance: Instance }) {
  const t = useInstanceTexts();
  const environment = useEnvironment(instance.environment);
  const isMuted = useIsMuted(instance);
  return (
    <div className="head-line">
      {instance.environment && environment && (
        <Link
          to="/instances"
          search={{ environment: instance.environment }}
          className={environment.isProduction ? "head-tag head-tag-production" : "head-tag"}
        >
          {environment.name}
        </Link>
      )}
      {instance.tags.map((tag) => (
        <Link key={tag.id} to="/instances" search={{ tags: tag.name }} className="head-tag">
          <span
            className="head-tag-dot"
            style={tag.color ? { background: tag.color } : undefined}
            aria-hidden="true"
          />
          {tag.name}
        </Link>
      ))}
      {!instance.is_active && instance.deleted_at === null && (
        <span className="head-tag">{t("inactive")}</span>
      )}
      {isMuted && (
        <span className="head-tag" title={t("mutedHint")}>
          {t("muted")} <Ago at={instance.muted_until} />
        </span>
      )}
      <span className="head-success">
        {instance.last_success_at ? (
          <>
            {t("lastSuccess")} <Ago at={instance.last_success_at} />
          </>
        ) : (
          t("neverSucceeded")
        )}
      </span>
    </div>
  );
}
