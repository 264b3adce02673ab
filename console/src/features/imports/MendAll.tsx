import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, AutoComplete, Button } from "antd";
import { useState } from "react";
import { api, ask } from "@/api/client";
import type { Rule } from "@/api/rules";
import { fieldRules } from "@/api/rules.gen";
import { newKey } from "@/features/edit/writes";
import { ActionButton } from "@/parts/ActionButton";
import { environmentsQuery } from "@/words/environments";
import { correctAll, isMissingTag, type Mistake } from "./mistakes";
import { useImportTexts } from "./texts";
import { setWizard } from "./wizard";

const RULES: Readonly<Record<string, Rule>> = fieldRules.instance;

/** What may stand in a field, as far as that is known. */
function useChoices(field: string): string[] {
  const environments = useQuery({ ...environmentsQuery, enabled: field === "environment" });
  if (field === "environment") return (environments.data ?? []).map((one) => one.key);
  return [...(RULES[field]?.enum ?? [])];
}

function CreateTag({ name, busy, onMended }: { name: string; busy: boolean; onMended: () => void }) {
  const t = useImportTexts();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const create = useMutation({
    mutationFn: () =>
      ask(api.POST("/tags", { params: { header: { "Idempotency-Key": newKey() } }, body: { name } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["tags"] });
      onMended();
    },
    onError: (error) => void message.error(error.message),
  });
  return (
    <ActionButton
      needs="create"
      size="small"
      disabled={busy}
      loading={create.isPending}
      onClick={() => create.mutate()}
    >
      {t("createTag", { name })}
    </ActionButton>
  );
}

/** Mends a mistake in all its rows: by another text in their cells, or by making the tag that they name. */
export function MendAll({
  mistake,
  busy,
  onMended,
}: {
  mistake: Mistake;
  busy: boolean;
  onMended: () => void;
}) {
  const t = useImportTexts();
  const choices = useChoices(mistake.field);
  const [text, setText] = useState("");
  const isTag = isMissingTag(mistake);
  if (mistake.header === null && !isTag) return null;
  const name = t("replaceName", { value: mistake.value || t("emptyCell"), header: mistake.header ?? "" });
  return (
    <form
      className="import-replace"
      onSubmit={(event) => {
        event.preventDefault();
        setWizard((before) => ({
          ...before,
          corrections: correctAll(before.corrections, mistake, text.trim()),
        }));
        onMended();
      }}
    >
      {isTag && <CreateTag name={mistake.value ?? ""} busy={busy} onMended={onMended} />}
      {mistake.header !== null && (
        <>
          <AutoComplete
            className="import-replace-text"
            size="small"
            value={text}
            aria-label={name}
            placeholder={t("replaceBy")}
            options={choices.map((value) => ({ value }))}
            showSearch={{ filterOption: true }}
            onChange={setText}
          />
          <Button htmlType="submit" size="small" disabled={text.trim() === "" || busy}>
            {t("replaceAll", { count: mistake.rows.size })}
          </Button>
        </>
      )}
    </form>
  );
}
