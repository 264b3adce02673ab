import type { ColumnDef } from "@tanstack/react-table";
import { Form } from "antd";
import type { Rule } from "@/api/rules";
import { useFormRules } from "@/parts/formRules";
import { GrowingText } from "@/parts/GrowingText";
import { Nothing } from "@/parts/Nothing";
import { useLabelTexts } from "./texts";

/** The column of what people wrote about a label. */
export const descriptionColumn = <T extends { description: string | null }>(
  header: string,
  size: number,
): ColumnDef<T> => ({
  id: "description",
  header,
  size,
  cell: ({ row: { original } }) =>
    original.description ? <span title={original.description}>{original.description}</span> : <Nothing />,
});

export function DescriptionField({ rule }: { rule: Rule }) {
  const t = useLabelTexts();
  const ruleFor = useFormRules();
  return (
    <Form.Item
      name="description"
      label={t("description")}
      rules={ruleFor(rule, { pattern: t("badPattern") })}
    >
      <GrowingText rows={2} />
    </Form.Item>
  );
}
