import { ended } from "@/words/sentences";
import { useLanguage } from "@/i18n/texts";
import { Button, Modal } from "antd";
import { useState } from "react";
import { Ago } from "@/parts/Ago";
import { useActorWord } from "@/changes/actor";
import { authorOf } from "@/changes/lastChange";
import type { AuditEvent, Instance } from "@/api/types";
import { DASH } from "@/parts/format";
import { useMe } from "@/session/me";
import { useFieldLabel } from "@/words/useFieldLabel";
import { CompareTable } from "./CompareTable";
import "./Conflict.css";
import { type Field, jsonOf, type Values, valuesOf } from "./fields";
import { useValueTexts } from "./fieldTexts";
import { type Choices, differences, firstChoices, isDecided, merged, type Side } from "./merge";
import { useShown } from "./useShown";
import { useWriteTexts } from "./writeTexts";

export interface Meanwhile {
  theirs: Instance;
  /** Who made that version, as far as the history says. */
  by: Pick<AuditEvent, "actor" | "at"> | null;
}

const SAID = { own: "conflictOwn", other: "conflictBy", unknown: "conflictUnknown" } as const;

/** Names for the ids that an instance refers to; the form holds no more than the numbers. */
function namesOf(...instances: (Instance | null)[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const one of instances) {
    if (one?.cluster) names.set(`cluster_id ${one.cluster.id}`, one.cluster.name);
    for (const login of [one?.credential, one?.admin_credential]) {
      if (!login) continue;
      names.set(`credential_id ${login.id}`, login.name);
      names.set(`admin_credential_id ${login.id}`, login.name);
    }
  }
  return names;
}

/** What one side holds in a field, as text. */
function useSideText(names: Map<string, string>): (field: Field, side: Values, isKeySet: boolean) => string {
  const shown = useShown();
  const word = useValueTexts();
  return (field, side, isKeySet) => {
    if (field === "tls_client_key") {
      if (side.tls_client_key === null) return word("keyGone");
      return side.tls_client_key !== "" ? word("keyNew") : isKeySet ? word("keySet") : DASH;
    }
    const value = jsonOf(field, side, side);
    return (names.get(`${field} ${String(value)}`) ?? shown(field, value)) || DASH;
  };
}

/** Two versions beside the one that was loaded: a side is chosen for each field, and nothing is lost. */
export function Conflict({
  loaded,
  base,
  mine,
  meanwhile,
  saving,
  onSave,
  onDiscard,
  onClose,
}: {
  loaded: Instance | null;
  base: Values;
  mine: Values;
  meanwhile: Meanwhile;
  saving: boolean;
  onSave: (values: Values) => void;
  onDiscard: () => void;
  onClose: () => void;
}) {
  const t = useWriteTexts();
  const shown = useLanguage();
  const name = useFieldLabel();
  const [theirs] = useState(() => valuesOf(meanwhile.theirs));
  const [found] = useState(() => differences(base, theirs, mine));
  const [choices, setChoices] = useState<Choices>(() => firstChoices(found));
  const text = useSideText(namesOf(loaded, meanwhile.theirs));
  const open = found.filter(({ field }) => choices[field] === undefined).length;
  const all = (side: Side) => setChoices(Object.fromEntries(found.map(({ field }) => [field, side])));
  const { by, theirs: saved } = meanwhile;
  const { version } = saved;
  const author = authorOf(by?.actor ?? null, useMe());
  const actor = useActorWord();

  const cell = (field: Field, side: Side, values: Values, isKeySet: boolean) => (
    <td className={choices[field] === side ? "conflict-taken" : undefined} data-label={t(side)}>
      <label className="conflict-choice">
        <input
          type="radio"
          name={`conflict-${field}`}
          checked={choices[field] === side}
          aria-label={t(side === "mine" ? "takeMine" : "takeTheirs", { field: name(field) })}
          onChange={() => setChoices({ ...choices, [field]: side })}
        />
        <span>{text(field, values, isKeySet)}</span>
      </label>
    </td>
  );

  return (
    <Modal
      open
      title={t("conflictTitle")}
      width={960}
      onCancel={onClose}
      footer={
        <div className="conflict-foot">
          <span className="soft">{open > 0 && t("decideFirst", { count: open })}</span>
          <Button danger onClick={onDiscard}>
            {t("discardMine")}
          </Button>
          <Button onClick={onClose}>{t("back")}</Button>
          <Button
            type="primary"
            loading={saving}
            disabled={!isDecided(found, choices)}
            onClick={() => onSave(merged(theirs, mine, choices))}
          >
            {t("saveMerged")}
          </Button>
        </div>
      }
    >
      <div className="stack">
        <div>
          <p>
            {ended(t(SAID[author], { version, name: by ? actor(by.actor) : "" }), shown)}
            <Ago at={by?.at ?? saved.updated_at} />
          </p>
          <p className="soft">{t("conflictHint")}</p>
        </div>
        <div className="line-up">
          <Button size="small" onClick={() => all("theirs")}>
            {t("allTheirs")}
          </Button>
          <Button size="small" onClick={() => all("mine")}>
            {t("allMine")}
          </Button>
        </div>
        <CompareTable
          label={t("conflictTitle")}
          className="conflict"
          heads={[t("field"), t("loaded"), t("theirs"), t("mine")]}
        >
          {found.map(({ field, by }) => (
            <tr key={field} className={by === "both" ? "conflict-both" : undefined}>
              <th scope="row">
                {name(field)}
                {by === "both" && <span className="conflict-mark">{t("both")}</span>}
              </th>
              <td className="soft" data-label={t("loaded")}>
                {text(field, base, loaded?.tls_client_key_set ?? false)}
              </td>
              {cell(field, "theirs", theirs, meanwhile.theirs.tls_client_key_set)}
              {cell(field, "mine", mine, loaded?.tls_client_key_set ?? false)}
            </tr>
          ))}
        </CompareTable>
      </div>
    </Modal>
  );
}
