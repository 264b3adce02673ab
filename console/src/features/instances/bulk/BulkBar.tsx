import { Button, Dropdown } from "antd";
import { Activity, Download, PencilLine, Tag, Tags, Trash2, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { instanceFilters } from "@/api/rules.gen";
import { ActionButton } from "@/parts/ActionButton";
import { Bar } from "@/parts/Bar";
import { count } from "@/parts/format";
import { Problem } from "@/parts/Problem";
import { type Format, FORMATS } from "../exporting";
import { type BulkAction, NEEDS } from "./plan";
import { useBulkTexts } from "./texts";
import { useBatch } from "./useBatch";
import { MOST_SELECTED, type Selected } from "./useSelection";

const BulkDialog = lazy(() => import("./BulkDialog").then((module) => ({ default: module.BulkDialog })));
const ICONS = { check: Activity, edit: PencilLine, tag: Tag, untag: Tags, delete: Trash2 } as const;
const ACTIONS = ["check", "edit", "tag", "untag", "delete"] as const;
const MOST_EXPORTED = instanceFilters.id.maxItems;

interface BulkBarProps {
  selected: Selected;
  /** Instances that match the filter; undefined where all of them must not be selected. */
  total: number | undefined;
  onCheck: (ids: number[]) => void;
  onExport: (format: Format, ids: number[]) => void;
}

/** Rises when something is selected: how many, and what can be done with them. */
export function BulkBar({ selected, total, onCheck, onExport }: BulkBarProps) {
  const t = useBulkTexts();
  const [action, setAction] = useState<BulkAction | null>(null);
  const batch = useBatch();
  const { items, selecting } = selected;
  if (selected.ids.size === 0 && selecting === null && action === null) return null;
  const rest = total !== undefined && total > selected.ids.size && selected.ids.size < MOST_SELECTED;
  const tooMany = items.length > MOST_EXPORTED;

  return (
    <Bar label={t("bar")} over>
      {selected.error !== null && <Problem error={selected.error} />}
      <div className="line-up">
        <strong role="status" className="nowrap">
          {selecting
            ? t("selecting", { done: count(selecting.done), total: count(selecting.total) })
            : t("selected", { count: selected.ids.size })}
        </strong>
        {selecting && (
          <Button size="small" onClick={selected.stopSelecting}>
            {t("stop")}
          </Button>
        )}
        {rest && !selecting && (
          <Button type="link" size="small" onClick={() => selected.selectAll(total)}>
            {t("selectAll", { total: count(Math.min(total, MOST_SELECTED)) })}
          </Button>
        )}
        {selected.ids.size >= MOST_SELECTED && (
          <span className="soft">{t("capped", { most: count(MOST_SELECTED) })}</span>
        )}
      </div>
      <div className="line-up">
        {ACTIONS.map((one) => {
          const Icon = ICONS[one];
          return (
            <ActionButton
              key={one}
              needs={NEEDS[one]}
              danger={one === "delete"}
              disabled={selecting !== null}
              icon={<Icon size={14} aria-hidden="true" />}
              onClick={() => setAction(one)}
            >
              {t(one)}
            </ActionButton>
          );
        })}
        <Dropdown
          trigger={["click"]}
          disabled={selecting !== null || tooMany}
          menu={{
            items: FORMATS.map((format) => ({ key: format, label: format.toUpperCase() })),
            onClick: ({ key }) =>
              onExport(
                key as Format,
                items.map((one) => one.id),
              ),
          }}
        >
          <Button
            icon={<Download size={14} aria-hidden="true" />}
            title={tooMany ? t("exportTooMany", { most: count(MOST_EXPORTED) }) : undefined}
          >
            {t("export")}
          </Button>
        </Dropdown>
        <Button type="text" icon={<X size={14} aria-hidden="true" />} onClick={selected.clear}>
          {t("clear")}
        </Button>
      </div>
      {action && (
        <Suspense fallback={null}>
          <BulkDialog
            action={action}
            items={items}
            batch={batch}
            onCheck={onCheck}
            onClose={(done) => {
              setAction(null);
              batch.settle();
              if (done) selected.clear();
            }}
          />
        </Suspense>
      )}
    </Bar>
  );
}
