import { useCallback, useEffect, useMemo, useState } from "react";
import type { FieldError } from "@/api/errors";
import { changedFields, type Field, FIELDS, type Values, withEngine, withLifecycle } from "./fields";
import { useEditTexts } from "./texts";
import { faultsOf } from "./validate";

export const controlId = (field: Field): string => `edit-${field}`;

/** The field that an error of the server is about: `custom.rack` is about `custom`. */
export function fieldOfPath(path: string): Field | null {
  const root = path.split(/[.[]/, 1)[0];
  if (root === "add_tags" || root === "remove_tags") return "tag_names";
  return FIELDS.find((field) => field === root) ?? null;
}

export interface FormApi {
  values: Values;
  base: Values;
  set: <K extends Field>(field: K, value: Values[K]) => void;
  /** The sentence of what is wrong with the field, if anything is known to be. */
  errorOf: (field: Field) => string | undefined;
  leave: (field: Field) => void;
  /** The field that the form was opened for. */
  asked: Field | null;
}

/** The state of the form: what is typed, what is wrong with it, and where the focus goes when it is refused. */
export function useForm(initial: Values, order: readonly Field[], asked: Field | null = null) {
  const t = useEditTexts();
  const [base, setBase] = useState(initial);
  const [values, setValues] = useState(initial);
  const [seen, setSeen] = useState<ReadonlySet<Field>>(new Set());
  const [refused, setRefused] = useState<Partial<Record<Field, string>>>({});
  const [focus, setFocus] = useState(asked && { field: asked });

  const faults = useMemo(() => faultsOf(values, base), [values, base]);
  const changed = useMemo(() => changedFields(base, values), [base, values]);

  // After the fold that holds the field has opened itself.
  useEffect(() => {
    if (!focus) return;
    const control = document.getElementById(controlId(focus.field));
    control?.focus();
    control?.scrollIntoView({ block: "center" });
  }, [focus]);

  const set = useCallback(
    <K extends Field>(field: K, value: Values[K]) => {
      setValues((now) => {
        if (field === "db_type") return withEngine(now, value as string);
        if (field === "lifecycle") return withLifecycle(now, value as string, base);
        return { ...now, [field]: value };
      });
      setRefused((now) => ({ ...now, [field]: undefined }));
    },
    [base],
  );
  const leave = useCallback((field: Field) => setSeen((now) => new Set(now).add(field)), []);

  const errorOf = (field: Field): string | undefined => {
    const fault = seen.has(field) ? faults[field] : undefined;
    return refused[field] ?? (fault && t(fault.key, fault.values));
  };

  const focusFirst = (wrong: ReadonlySet<Field>): void => {
    const first = order.find((field) => wrong.has(field));
    if (first) setFocus({ field: first });
  };

  /** Show all that is wrong and go to the first; whether nothing is. */
  const check = (): boolean => {
    setSeen(new Set(FIELDS));
    const wrong = new Set(Object.keys(faults) as Field[]);
    focusFirst(wrong);
    return wrong.size === 0;
  };

  /** Place the server's errors at their fields; those that belong to none are given back. */
  const refuse = (errors: readonly FieldError[]): FieldError[] => {
    const placed: Partial<Record<Field, string>> = {};
    for (const error of errors) {
      const field = fieldOfPath(error.field);
      if (field === null) continue;
      const rest = error.field.slice(field.length).replace(/^[.[]/, "");
      const sentence = rest === "" ? error.message : `${rest}: ${error.message}`;
      placed[field] = placed[field] === undefined ? sentence : `${placed[field]} ${sentence}`;
    }
    setRefused(placed);
    focusFirst(new Set(Object.keys(placed) as Field[]));
    return errors.filter((error) => fieldOfPath(error.field) === null);
  };

  return {
    form: { values, base, set, errorOf, leave, asked } satisfies FormApi,
    changed,
    check,
    refuse,
    clearRefusals: () => setRefused({}),
    /** Go on from another version of the thing, with these values in the form. */
    restart: (from: Values, mine: Values) => {
      setBase(from);
      setValues(mine);
    },
  };
}
