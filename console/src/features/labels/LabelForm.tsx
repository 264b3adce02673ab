import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, type FormInstance } from "antd";
import { useState } from "react";
import { isApiError } from "@/api/errors";
import type { Who } from "@/changes/actor";
import { useLastChange } from "@/changes/lastChange";
import { placeErrors } from "@/parts/placeErrors";
import { Problem } from "@/parts/Problem";
import { usePartTexts } from "@/parts/texts";
import { Conflict } from "./Conflict";
import { bodyOf, changedOf } from "./form";
import type { Label, LabelScreenProps } from "./LabelScreen";
import { useLabelTexts } from "./texts";

type Values = Record<string, unknown>;

interface LabelFormProps<T extends Label, B extends object> extends LabelScreenProps<T, B> {
  form: FormInstance<Values>;
  label: T | null;
  mayWrite: boolean;
  onCancel: () => void;
  onSaved: () => void;
}

/** The form of one label; where somebody else was quicker it says so and offers both ways out. */
export function LabelForm<T extends Label, B extends object>({
  api,
  fields,
  valuesOf,
  fieldName,
  form,
  label,
  mayWrite,
  onCancel,
  onSaved,
}: LabelFormProps<T, B>) {
  const t = useLabelTexts();
  const part = usePartTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const lastChange = useLastChange();
  // What the form was filled with: saving sends what differs from it, under its version.
  const [read, setRead] = useState(label);
  const [conflict, setConflict] = useState<{ now: T | "gone"; by: Who | null } | null>(null);
  const [unplaced, setUnplaced] = useState<unknown>(null);

  const save = useMutation({
    mutationFn: async ({ values, over }: { values: Values; over: T | null }) => {
      const body = bodyOf<B>(values);
      const base = over ?? read;
      if (base === null) return api.create(body);
      const change = changedOf(base, body);
      return Object.keys(change).length === 0 ? base : api.patch(base.id, base.version, change);
    },
    onSuccess: (saved) => {
      void message.success(t(label ? "saved" : "created", { name: api.nameOf(saved) }));
      void queries.invalidateQueries({ queryKey: [api.key] });
      void queries.invalidateQueries({ queryKey: ["instances"] });
      onSaved();
    },
    onMutate: () => setUnplaced(null),
    onError: async (error) => {
      if (isApiError(error) && error.status === 412 && read) {
        const asked = [
          api.read(read.id).catch(() => "gone" as const),
          lastChange(api.entityType, read.id),
        ] as const;
        const [now, by] = await Promise.all(asked);
        setConflict({ now, by });
      } else if (!placeErrors(form, error)) setUnplaced(error);
    },
  });
  return (
    <>
      {unplaced !== null && <Problem error={unplaced} />}
      {conflict !== null && (
        <Conflict<T>
          now={conflict.now}
          by={conflict.by}
          body={bodyOf<B>(form.getFieldsValue())}
          fieldName={fieldName}
          onLoad={(now) => {
            setConflict(null);
            setRead(now);
            form.setFieldsValue(valuesOf(now));
          }}
          onKeep={(now) => {
            setConflict(null);
            setRead(now);
            save.mutate({ values: form.getFieldsValue(), over: now });
          }}
        />
      )}
      <Form<Values>
        form={form}
        layout="vertical"
        disabled={!mayWrite}
        initialValues={valuesOf(label)}
        onFinish={(values) => save.mutate({ values, over: null })}
      >
        {fields(read)}
        {mayWrite && (
          <div className="line-up">
            <Button type="primary" htmlType="submit" loading={save.isPending}>
              {part("save")}
            </Button>
            <Button onClick={onCancel}>{part("cancel")}</Button>
          </div>
        )}
      </Form>
    </>
  );
}
