import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { api, ask } from "@/api/client";
import { Problem } from "@/parts/Problem";
import { useCan } from "@/session/me";
import { useFormApi } from "../FormContext";
import { useEditTexts } from "../texts";
import { leaveByTab } from "@/keys/leaveByTab";
import { newKey } from "../writes";
import { FieldBox, useControl } from "./Field";
import { useSettled, useThings } from "./things";

/** Stands before the name of a tag that does not exist yet; no name of a tag begins with a space. */
const NEW = " new:";

/** Tags by name; one that does not exist is created where the role may. */
export function TagsInput() {
  const { values, set, leave } = useFormApi();
  const t = useEditTexts();
  const can = useCan();
  const queries = useQueryClient();
  const [search, setSearch] = useState("");
  const typed = search.trim();
  const found = useThings("tags", useSettled(typed));
  const { error, control } = useControl("tag_names");
  const create = useMutation({
    mutationFn: async (name: string) => {
      const params = { header: { "Idempotency-Key": newKey() } };
      return (await ask(api.POST("/tags", { params, body: { name } }))).data.tag;
    },
    onSuccess: (tag) => {
      set("tag_names", [...new Set([...values.tag_names, tag.name])]);
      void queries.invalidateQueries({ queryKey: ["tags"] });
    },
  });
  const options = (found.data ?? []).map((one) => ({ value: one.value, label: one.label }));
  const isNew =
    typed !== "" && !options.some((one) => one.value === typed) && !values.tag_names.includes(typed);
  if (isNew && can("create") && !found.isFetching) {
    options.push({ value: NEW + typed, label: t("newTag", { name: typed }) });
  }
  return (
    <FieldBox field="tag_names" wide>
      <Select
        {...control}
        mode="multiple"
        value={values.tag_names}
        options={options}
        loading={create.isPending}
        status={error ? "error" : ""}
        placeholder={t("noneOption")}
        showSearch={{ filterOption: false, searchValue: search, onSearch: setSearch }}
        notFoundContent={t(
          found.isError ? "optionsFailed" : found.isPending ? "loadingOptions" : "noOptions",
        )}
        onChange={(names: string[]) => {
          const fresh = names.find((name) => name.startsWith(NEW));
          setSearch("");
          if (fresh) create.mutate(fresh.slice(NEW.length));
          set(
            "tag_names",
            names.filter((name) => name !== fresh),
          );
        }}
        onInputKeyDown={leaveByTab}
        onBlur={() => {
          setSearch("");
          leave("tag_names");
        }}
      />
      {create.error && <Problem error={create.error} />}
    </FieldBox>
  );
}
