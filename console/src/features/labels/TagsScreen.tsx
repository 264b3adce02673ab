import type { ColumnDef } from "@tanstack/react-table";
import { Button, Form, Input } from "antd";
import { X } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { fits } from "@/api/rules";
import { fieldRules } from "@/api/rules.gen";
import type { Tag } from "@/api/types";
import { Nothing } from "@/parts/Nothing";
import { useFormRules } from "@/parts/formRules";
import { usePartTexts } from "@/parts/texts";
import { DescriptionField, descriptionColumn } from "./Description";
import { LabelScreen } from "./LabelScreen";
import { tagApi } from "./labelApi";
import { type LabelText, useLabelTexts } from "./texts";

/** What a picker of colours holds where there is none yet. */
const NEUTRAL = "#808080";
const isColor = (value: unknown): value is string =>
  typeof value === "string" && fits(fieldRules.tag.color, value);

/** The colour beside the text, never of the text: any colour may stand on any ground. */
function Dot({ color }: { color: string | null }) {
  return (
    <span className="label-dot" aria-hidden="true" style={color ? { backgroundColor: color } : undefined} />
  );
}

/** The value of the form's field, as text and as a picker. */
function ColorField({
  id,
  value,
  onChange,
  t,
}: {
  id?: string;
  value?: string | null;
  onChange?: (value: string) => void;
  t: LabelText;
}) {
  const parts = usePartTexts();
  return (
    <span className="label-color">
      <input
        type="color"
        aria-label={t("pickColor")}
        value={isColor(value) ? value : NEUTRAL}
        onChange={(event) => onChange?.(event.target.value)}
      />
      <Input
        id={id}
        className="mono"
        value={value ?? ""}
        placeholder={parts("none")}
        onChange={(event) => onChange?.(event.target.value.trim())}
      />
      <Button
        icon={<X size={14} aria-hidden="true" />}
        aria-label={t("clearColor")}
        title={t("clearColor")}
        onClick={() => onChange?.("")}
      />
    </span>
  );
}

const dotted = (tag: Tag, link: ReactNode) => (
  <span className="label-name">
    <Dot color={tag.color} />
    {link}
  </span>
);

export function TagsScreen() {
  const t = useLabelTexts();
  const ruleFor = useFormRules();
  const columns = useMemo<ColumnDef<Tag>[]>(
    () => [
      {
        id: "color",
        header: t("color"),
        size: 100,
        cell: ({ row }) =>
          row.original.color ? <span className="mono">{row.original.color}</span> : <Nothing />,
      },
      descriptionColumn(t("description"), 320),
    ],
    [t],
  );
  const rules = fieldRules.tag;
  return (
    <LabelScreen
      api={tagApi}
      words={{
        title: t("tags"),
        create: t("newTag"),
        edit: (name) => t("editTag", { name }),
        none: t("noTags"),
        noneHint: t("noTagsHint"),
      }}
      columns={columns}
      showName={dotted}
      valuesOf={(tag) => ({
        name: tag?.name ?? "",
        color: tag?.color ?? "",
        description: tag?.description ?? "",
      })}
      fieldName={(field) => t(field as "name" | "color" | "description")}
      fields={() => (
        <>
          <Form.Item name="name" label={t("name")} rules={ruleFor(rules.name, { pattern: t("badPattern") })}>
            <Input autoFocus />
          </Form.Item>
          <Form.Item name="color" label={t("color")} rules={ruleFor(rules.color, { pattern: t("badColor") })}>
            <ColorField t={t} />
          </Form.Item>
          <DescriptionField rule={rules.description} />
        </>
      )}
      canDetach
    />
  );
}
