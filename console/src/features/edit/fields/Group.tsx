import { ChevronDown, ChevronRight } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { aboutQuery } from "@/api/about";
import { TIME_LIMITS } from "@/words/fields";
import { EMPTY, equal, type Field, type Values } from "../fields";
import { useFormApi } from "../FormContext";
import { useEditTexts } from "../texts";
import "./Group.css";

/** What stands in the fields of an instance that says nothing of them: its limits are the server's own, as these are. */
function useUsual(values: Values): Values {
  const defaults: Partial<Record<Field, number>> | undefined =
    useQuery(aboutQuery).data?.settings.check_defaults;
  const limits = TIME_LIMITS.map((field) => [field, defaults ? String(defaults[field]) : values[field]]);
  return { ...EMPTY, ...Object.fromEntries(limits) };
}

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
  const usual = useUsual(values);
  const holds = fields.some(
    (field) => !equal(field, EMPTY, values, base) && !equal(field, usual, values, base),
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
