import { Button, Popover } from "antd";
import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import { IconButton } from "@/parts/IconButton";
import { useFieldTexts } from "@/words/fields";
import { useListTexts } from "../texts";
import "./ColumnMenu.css";
import { COLUMNS, FIXED } from "./columns";
import { type ColumnState, moveColumn, toggleColumn } from "./state";

interface ColumnMenuProps {
  state: ColumnState;
  onChange: (state: ColumnState) => void;
  onReset: () => void;
}

function Choices({ state, onChange, onReset }: ColumnMenuProps) {
  const t = useListTexts();
  const field = useFieldTexts();
  const shown = state.shown.flatMap((id) => COLUMNS.find((one) => one.id === id) ?? []);
  const hidden = COLUMNS.filter((one) => !state.shown.includes(one.id));
  return (
    <div className="column-menu" role="dialog" aria-label={t("columns")}>
      <p className="small soft">{t("columnsHint")}</p>
      <ul>
        {[...shown, ...hidden].map((column) => {
          const name = field(column.word);
          const at = state.shown.indexOf(column.id);
          const fixed = FIXED.has(column.id);
          const move = (step: -1 | 1): void => onChange(moveColumn(state, column.id, step, FIXED));
          return (
            <li key={column.id} className="column-line">
              <label className="column-name">
                <input
                  type="checkbox"
                  checked={at !== -1}
                  disabled={fixed}
                  onChange={() => onChange(toggleColumn(state, column.id, FIXED))}
                />
                {name}
              </label>
              {at !== -1 && !fixed && (
                <>
                  <IconButton
                    icon={ArrowUp}
                    label={t("moveLeft", { name })}
                    disabled={FIXED.has(state.shown[at - 1] ?? "")}
                    onClick={() => move(-1)}
                  />
                  <IconButton
                    icon={ArrowDown}
                    label={t("moveRight", { name })}
                    disabled={at === state.shown.length - 1}
                    onClick={() => move(1)}
                  />
                </>
              )}
            </li>
          );
        })}
      </ul>
      <Button size="small" onClick={onReset}>
        {t("reset")}
      </Button>
    </div>
  );
}

/** Which columns, and in which order. */
export function ColumnMenu(props: ColumnMenuProps) {
  const t = useListTexts();
  return (
    <Popover trigger="click" placement="bottomRight" arrow={false} content={<Choices {...props} />}>
      <Button
        icon={<Columns3 size={14} aria-hidden="true" />}
        aria-label={t("columns")}
        title={t("columns")}
      />
    </Popover>
  );
}
