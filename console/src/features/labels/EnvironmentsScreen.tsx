import { useIsMutating, useMutation, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ColumnDef } from "@tanstack/react-table";
import { App, Button, Checkbox, Form, Input, InputNumber } from "antd";
import { ArrowDown, ArrowUp, ShieldAlert } from "lucide-react";
import { useContext, useMemo } from "react";
import { fieldRules } from "@/api/rules.gen";
import type { Environment } from "@/api/types";
import { one, type Search } from "@/app/search";
import { useFormRules } from "@/parts/formRules";
import { usePartTexts } from "@/parts/texts";
import { useCan } from "@/session/me";
import { LabelScreen, ShownLabels } from "./LabelScreen";
import { environmentApi } from "./labelApi";
import { reorder } from "./order";
import { useLabelTexts } from "./texts";

const MOVE = ["environments", "move"];

function ProductionMark() {
  const part = usePartTexts();
  return (
    <span className="label-production">
      <ShieldAlert size={13} aria-hidden="true" />
      {part("production")}
    </span>
  );
}

/** One step up or down; a change by somebody else meanwhile ends it, and the list is read anew. */
function MoveButtons({ environment }: { environment: Environment }) {
  const t = useLabelTexts();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const all = useContext(ShownLabels) as readonly Environment[];
  const busy = useIsMutating({ mutationKey: MOVE }) > 0;
  const move = useMutation({
    mutationKey: MOVE,
    mutationFn: async (changes: [Environment, number][]) => {
      for (const [each, position] of changes) await environmentApi.patch(each.id, each.version, { position });
    },
    onSuccess: () => void message.success(t("moved")),
    onError: (error) => void message.error(error.message),
    onSettled: () => queries.invalidateQueries({ queryKey: [environmentApi.key] }),
  });
  const index = all.findIndex((each) => each.id === environment.id);
  const name = environmentApi.nameOf(environment);
  return [-1, 1].map((step) => (
    <Button
      key={step}
      type="text"
      size="small"
      disabled={busy || index + step < 0 || index + step >= all.length}
      icon={step < 0 ? <ArrowUp size={14} aria-hidden="true" /> : <ArrowDown size={14} aria-hidden="true" />}
      aria-label={t(step < 0 ? "moveUp" : "moveDown", { name })}
      title={t(step < 0 ? "moveUp" : "moveDown", { name })}
      onClick={() => move.mutate(reorder(all, index, index + step))}
    />
  ));
}

const moves = (environment: Environment) => <MoveButtons environment={environment} />;

export function EnvironmentsScreen() {
  const t = useLabelTexts();
  const part = usePartTexts();
  const ruleFor = useFormRules();
  const can = useCan();
  const search = useSearch({ strict: false }) as Search;
  const columns = useMemo<ColumnDef<Environment>[]>(
    () => [
      { id: "key", header: t("key"), size: 160, cell: ({ row }) => <code>{row.original.key}</code> },
      {
        id: "is_production",
        header: t("isProduction"),
        size: 130,
        cell: ({ row }) =>
          row.original.is_production ? <ProductionMark /> : <span className="faint">{part("no")}</span>,
      },
      {
        id: "position",
        header: t("position"),
        size: 80,
        meta: { number: true },
        cell: ({ row }) => row.original.position,
      },
    ],
    [t, part],
  );
  const rules = fieldRules.environment;
  // A part of the list says nothing of the order of the whole.
  const isWhole = ["search", "page", "limit"].every((key) => one(search, key) === undefined);
  return (
    <LabelScreen
      api={environmentApi}
      words={{
        title: t("environments"),
        create: t("newEnvironment"),
        edit: (name) => t("editEnvironment", { name }),
        none: t("noEnvironments"),
        noneHint: t("noEnvironmentsHint"),
      }}
      columns={columns}
      valuesOf={(environment) => ({
        key: environment?.key ?? "",
        name: environment?.name ?? "",
        is_production: environment?.is_production ?? false,
        position: environment?.position ?? null,
      })}
      fieldName={(field) =>
        field === "is_production" ? t("isProduction") : t(field as "key" | "name" | "position")
      }
      fields={() => (
        <>
          <Form.Item
            name="key"
            label={t("key")}
            extra={t("keyHint")}
            rules={ruleFor(rules.key, { pattern: t("keyHint") })}
          >
            <Input className="mono" autoCapitalize="none" spellCheck={false} autoFocus />
          </Form.Item>
          <Form.Item
            name="name"
            label={t("name")}
            extra={t("nameHint")}
            rules={ruleFor(rules.name, { pattern: t("badPattern") })}
          >
            <Input />
          </Form.Item>
          <Form.Item name="is_production" valuePropName="checked" extra={t("isProductionHint")}>
            <Checkbox>{t("isProduction")}</Checkbox>
          </Form.Item>
          <Form.Item
            name="position"
            label={t("position")}
            extra={t("positionHint")}
            rules={ruleFor(rules.position)}
          >
            <InputNumber precision={0} />
          </Form.Item>
        </>
      )}
      rowActions={isWhole && can("update") ? moves : undefined}
    />
  );
}
