import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Checkbox, Modal, Select } from "antd";
import { useState } from "react";
import { api, ask } from "@/api/client";
import { NO_WHY } from "@/api/headers";
import { Refused } from "@/features/instances-actions/Refused";
import { RequiredMark } from "@/parts/RequiredMark";
import { usePartTexts } from "@/parts/texts";
import { WhyFields } from "@/parts/WhyFields";
import { useCan } from "@/session/me";
import { leaveByTab } from "@/keys/leaveByTab";
import type { Item } from "../queries";
import "./BulkDialog.css";
import { EditFields } from "./EditFields";
import { type Edits, isComplete } from "./editing";
import { type BulkAction, byReason, type Plan, planBulk } from "./plan";
import { useBulkTexts } from "./texts";
import type { useBatch } from "./useBatch";

const TITLES = {
  check: "titleCheck",
  edit: "titleEdit",
  tag: "titleTag",
  untag: "titleUntag",
  delete: "titleDelete",
} as const;
/** So many names are told; the rest is counted. */
const NAMED = 5;

function Names({ items }: { items: readonly Item[] }) {
  const t = useBulkTexts();
  const rest = items.length - NAMED;
  return (
    <span className="soft">
      {items
        .slice(0, NAMED)
        .map((one) => one.name)
        .join(t("comma"))}
      {rest > 0 && t("and", { count: rest })}
    </span>
  );
}

function Skipped({ plan }: { plan: Plan }) {
  const t = useBulkTexts();
  if (plan.skipped.length === 0) return null;
  return (
    <div className="bulk-skipped">
      <p>{t("skipped", { count: plan.skipped.length })}</p>
      <ul>
        {byReason(plan).map(([why, items]) => (
          <li key={why}>
            <strong>{items.length}</strong> {t(why)} · <Names items={items} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function TagChoice({ chosen, onChange }: { chosen: readonly string[]; onChange: (tags: string[]) => void }) {
  const t = useBulkTexts();
  const [typed, setTyped] = useState("");
  const found = useQuery({
    queryKey: ["tags", "choice", typed],
    queryFn: async ({ signal }) =>
      (await ask(api.GET("/tags", { params: { query: { limit: 100, search: typed || undefined } }, signal })))
        .data.items,
    placeholderData: keepPreviousData,
  });
  return (
    <label className="bulk-field">
      <span className="soft">
        {t("tags")}
        <RequiredMark />
      </span>
      <Select
        mode="multiple"
        onInputKeyDown={leaveByTab}
        autoFocus
        aria-required
        value={[...chosen]}
        onChange={onChange}
        loading={found.isFetching}
        showSearch={{ onSearch: setTyped, filterOption: false }}
        placeholder={t("tagsMissing")}
        options={(found.data ?? []).map((one) => ({ value: one.name, label: one.name }))}
      />
    </label>
  );
}

interface BulkDialogProps {
  action: BulkAction;
  items: readonly Item[];
  batch: ReturnType<typeof useBatch>;
  onCheck: (ids: number[]) => void;
  onClose: (done: boolean) => void;
}

/** Says how many take part and who does not and why, before anything is done. */
export function BulkDialog({ action, items, batch, onCheck, onClose }: BulkDialogProps) {
  const t = useBulkTexts();
  const part = usePartTexts();
  const can = useCan();
  const [tags, setTags] = useState<string[]>([]);
  const [edits, setEdits] = useState<Edits>({});
  const [why, setWhy] = useState(NO_WHY);
  const [idle, setIdle] = useState(false);
  const plan = planBulk(action, items, { can, tags, idle });
  const count = plan.will.length;
  const tagging = action === "tag" || action === "untag";
  const isReady = (!tagging || tags.length > 0) && (action !== "edit" || isComplete(edits));
  const ids = plan.will.map((one) => one.id);
  const go = async (): Promise<void> => {
    if (action === "check") {
      onCheck(ids);
      onClose(true);
    } else if (await batch.act(action, ids, { tags, edits, why })) onClose(true);
  };
  const { progress, trouble } = batch;

  return (
    <Modal
      open
      width={520}
      title={trouble ? t(action) : count === 0 ? t("none") : t(TITLES[action], { count })}
      okText={trouble ? t("dismiss") : t(action)}
      cancelText={part("cancel")}
      cancelButtonProps={{ style: trouble ? { display: "none" } : undefined }}
      okButtonProps={{
        danger: action === "delete" && !trouble,
        disabled: !trouble && (count === 0 || !isReady),
        loading: progress !== null,
      }}
      mask={{ closable: progress === null }}
      onOk={() => (trouble ? onClose(true) : void go())}
      onCancel={() => onClose(trouble !== null)}
    >
      <div className="stack-small">
        {trouble ? (
          <Refused end={trouble} />
        ) : (
          <>
            {count > 0 && <Names items={plan.will} />}
            {tagging && <TagChoice chosen={tags} onChange={setTags} />}
            {action === "edit" && <EditFields edits={edits} onChange={setEdits} />}
            {action === "delete" && <p className="soft">{t("deleteHint")}</p>}
            {action === "check" ? (
              <Checkbox checked={idle} onChange={(event) => setIdle(event.target.checked)}>
                {t("idle")}
              </Checkbox>
            ) : (
              <WhyFields why={why} onChange={setWhy} />
            )}
            <Skipped plan={plan} />
            {progress && <p role="status">{t("working", progress)}</p>}
          </>
        )}
      </div>
    </Modal>
  );
}
