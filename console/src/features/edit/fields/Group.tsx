import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { EMPTY, equal, type Field } from "../fields";
import { useFormApi } from "../FormContext";
import { useEditTexts } from "../texts";
import "./Group.css";

/** What stands in these fields of every instance that says nothing of them. */
const USUAL = {
  ...EMPTY,
  connect_timeout_ms: "3000",
  statement_timeout_ms: "5000",
  deadline_ms: "15000",
};

/** Fields that belong together. */
export function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="block" aria-labelledby={id}>
      <header className="block-head">
        <h2 id={id}>{title}</h2>
      </header>
      <div className="block-body edit-grid">{children}</div>
    </section>
  );
}

/** Fields that are seldom needed: folded, unless they hold something or something is wrong with one. */
export function FoldedGroup({
  title,
  fields,
  children,
}: {
  title: string;
  fields: readonly Field[];
  children: ReactNode;
}) {
  const t = useEditTexts();
  const id = useId();
  const { values, base, errorOf, asked } = useFormApi();
  const holds = fields.some(
    (field) => !equal(field, EMPTY, values, base) && !equal(field, USUAL, values, base),
  );
  const [chosen, setChosen] = useState<boolean | null>(
    holds || (asked !== null && fields.includes(asked)) || null,
  );
  const isWrong = fields.some((field) => errorOf(field) !== undefined);
  const open = isWrong || (chosen ?? false);
  const Icon = open ? ChevronDown : ChevronRight;
  return (
    <section className="block" aria-labelledby={id}>
      <h2 id={id}>
        <button
          type="button"
          className="edit-fold"
          aria-expanded={open}
          aria-controls={`${id}-body`}
          onClick={() => setChosen(!open)}
        >
          <Icon size={16} aria-hidden="true" />
          <span>{title}</span>
          <span className="edit-fold-note">{t(holds ? "holds" : "folded")}</span>
        </button>
      </h2>
      <div id={`${id}-body`} className="block-body edit-grid edit-fold-body" hidden={!open}>
        {children}
      </div>
    </section>
  );
}
