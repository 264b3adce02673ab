import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { one, type Search } from "@/app/search";
import { Forbidden } from "@/parts/Forbidden";
import { Problem } from "@/parts/Problem";
import { Screen } from "@/parts/Screen";
import { useCan, useMe } from "@/session/me";
import { FormSkeleton } from "./EditScreen";
import { copyOf, EMPTY } from "./fields";
import { InstanceForm } from "./InstanceForm";
import { useEditTexts } from "./texts";
import { readInstance } from "./writes";

/** `?from=7` begins with what instance 7 holds, but for its name, its key and its outside ids. */
export function CreateScreen() {
  const t = useEditTexts();
  const can = useCan();
  const me = useMe();
  const from = Number(one(useSearch({ strict: false }) as Search, "from") ?? Number.NaN);
  const isCopy = Number.isSafeInteger(from) && from > 0;
  const pattern = useQuery({
    queryKey: ["instance", from, "pattern"],
    queryFn: ({ signal }) => readInstance(from, signal),
    enabled: isCopy,
    gcTime: 0,
    staleTime: Infinity,
  });
  const title = t("createTitle");
  if (me !== null && !can("create")) {
    return (
      <Screen title={title}>
        <Forbidden action="create" />
      </Screen>
    );
  }
  if (!isCopy) return <InstanceForm key="new" title={title} instance={null} initial={EMPTY} />;
  if (pattern.data) {
    const { name } = pattern.data;
    return (
      <InstanceForm
        key={from}
        title={t("copyTitle", { name })}
        instance={null}
        initial={copyOf(pattern.data)}
        known={pattern.data}
      />
    );
  }
  if (!pattern.error) return <FormSkeleton title={title} />;
  return (
    <Screen title={title}>
      <Problem error={pattern.error} onRetry={() => void pattern.refetch()} />
    </Screen>
  );
}
