import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { api, ask } from "@/api/client";
import { etag, type Why, whyHeaders } from "@/api/headers";
import { isApiError } from "@/api/errors";
import type { Credential } from "@/api/types";
import { ConfirmDialog } from "@/parts/ConfirmDialog";
import { Problem } from "@/parts/Problem";
import { hostText } from "@/parts/format";
import { IconButton } from "@/parts/IconButton";
import { engineName } from "@/words/engines";
import { Block } from "@/parts/Screen";
import { useCan } from "@/session/me";
import { type Bindings, isUnbound, without } from "./bindings";
import { asPatch, credentialQuery, reachQuery } from "./queries";
import { useCredentialTexts } from "./texts";
import { UsersOf } from "./UsersOf";
import { type Entry, hintOf, withinOf } from "./within";

/** How many instances lie within an entry; nothing while nobody has counted. */
function WithinMark({ count }: { count: number | undefined }) {
  const t = useCredentialTexts();
  if (count === undefined) return null;
  return count > 0 ? (
    <span className="credential-within soft small">{t("within", { count })}</span>
  ) : (
    <span className="credential-within credential-stale small">{t("withinNone")}</span>
  );
}

const KINDS = ["hosts", "suffixes", "networks", "endpoints", "engines"] as const;

function useEntries(): (bindings: Bindings, kind: keyof Bindings) => Entry[] {
  const t = useCredentialTexts();
  return (bindings, kind) => {
    if (kind !== "endpoints")
      return bindings[kind].map((words, at) => ({
        kind,
        at,
        words: kind === "engines" ? engineName(words) : words,
      }));
    return bindings.endpoints.map((one, at) => {
      const host = hostText(one.host);
      return {
        kind,
        at,
        words: `${engineName(one.db_type)} ${host}:${one.port}`,
        note: one.tls_mode === "disable" ? t("tlsAny") : t("tlsAtLeast", { mode: one.tls_mode }),
      };
    });
  };
}

/** Where a credential may be sent; each place can be taken away. */
export function BindingsBlock({ of }: { of: Credential }) {
  const t = useCredentialTexts();
  const may = useCan()("credentials");
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [removing, setRemoving] = useState<Entry | null>(null);
  const entriesOf = useEntries();
  const { bindings } = of;
  const counted = useQuery(reachQuery(of));
  const reach = counted.data;
  const within = (entry: Entry): number | undefined => reach && withinOf(reach, bindings, entry);
  const isBinding = !isUnbound(bindings);

  const remove = async ({ kind, at }: Entry, why: Why): Promise<Credential> => {
    const header = { ...whyHeaders(why), "If-Match": etag(of.version) };
    const params = { path: { credential_id: of.id }, header };
    const body = asPatch({ bindings: without(bindings, kind, at) });
    try {
      return (await ask(api.PATCH("/credentials/{credential_id}", { params, body }))).data.credential;
    } catch (error) {
      if (isApiError(error, "PRECONDITION_FAILED"))
        await queries.invalidateQueries({ queryKey: ["credential", of.id] });
      throw error;
    }
  };
  const shown = (entry: Entry): ReactNode => (
    <span key={`${entry.kind}${entry.words}`} className="credential-entry">
      <span className={entry.kind === "engines" ? undefined : "mono"}>{entry.words}</span>
      {entry.note && <span className="faint small">{entry.note}</span>}
      {may && (
        <IconButton
          icon={X}
          size={14}
          danger
          label={t("remove", { entry: entry.words })}
          onClick={() => setRemoving(entry)}
        />
      )}
      {entry.kind !== "engines" && <WithinMark count={within(entry)} />}
    </span>
  );
  return (
    <Block title={t("bindings")}>
      <div className="stack">
        {isBinding ? (
          <p className="soft">{t("bindingsHint")}</p>
        ) : (
          <div className="credential-unbound stack-small">
            <h3>{t("unboundTitle")}</h3>
            <p>{t("unboundHint")}</p>
          </div>
        )}
        <dl className="credential-kinds">
          {KINDS.filter((kind) => kind === "engines" || bindings[kind].length > 0).map((kind) => (
            <div key={kind} style={{ display: "contents" }}>
              <dt>{t(kind)}</dt>
              <dd>
                {bindings[kind].length === 0 ? (
                  <span className="soft">{t("anyEngine")}</span>
                ) : (
                  entriesOf(bindings, kind).map(shown)
                )}
              </dd>
            </div>
          ))}
        </dl>
        {counted.error && <Problem error={counted.error} onRetry={() => void counted.refetch()} />}
        {reach && reach.outside_count > 0 && (
          <div className="stack-small">
            <p>{t("outside", { count: reach.outside_count })}</p>
            <UsersOf uses={reach.outside} total={reach.outside_count} />
          </div>
        )}
      </div>
      {removing && (
        <ConfirmDialog
          title={t("removeTitle", { entry: removing.words })}
          okText={t("removeDo")}
          danger
          asksWhy
          send={(_, why) => remove(removing, why)}
          onClose={() => setRemoving(null)}
          onDone={(saved) => {
            queries.setQueryData(credentialQuery(of.id).queryKey, saved);
            void queries.invalidateQueries({ queryKey: ["credentials"] });
            void message.success(t("removed", { entry: removing.words }));
            setRemoving(null);
          }}
          problem={(error) => isApiError(error, "PRECONDITION_FAILED") && <p>{t("changedMeanwhile")}</p>}
        >
          <p>{t(hintOf(bindings, removing, within(removing)), { name: of.name, count: of.usage_count })}</p>
        </ConfirmDialog>
      )}
    </Block>
  );
}
