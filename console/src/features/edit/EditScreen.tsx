import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useState } from "react";
import { isApiError } from "@/api/errors";
import type { Instance } from "@/api/types";
import { one, type Search } from "@/app/search";
import { Forbidden } from "@/parts/Forbidden";
import { Problem } from "@/parts/Problem";
import { Screen } from "@/parts/Screen";
import { useCan, useMe } from "@/session/me";
import { type Field, valuesOf } from "./fields";
import { InBin } from "./Gone";
import { InstanceForm } from "./InstanceForm";
import { useEditTexts } from "./texts";
import { fieldOfPath } from "./useForm";
import { readInstance } from "./writes";
import { useWriteTexts } from "./writeTexts";

export function FormSkeleton({ title }: { title: string }) {
  return (
    <Screen title={title}>
      <div className="block">
        <div className="block-body">
          <Skeleton active paragraph={{ rows: 12 }} />
        </div>
      </div>
    </Screen>
  );
}

/** Keeps the instance as it was when it came: what comes later is news, not a reason to lose what was typed. */
function Opened({ latest, asked }: { latest: Instance; asked: Field | null }) {
  const t = useEditTexts();
  const [instance] = useState(latest);
  return (
    <InstanceForm
      title={t("editTitle", { name: instance.name })}
      instance={instance}
      initial={valuesOf(instance)}
      latest={latest}
      asked={asked}
    />
  );
}

/** `?field=tls_ca` opens the form at that field. */
export function EditScreen() {
  const t = useEditTexts();
  const w = useWriteTexts();
  const can = useCan();
  const me = useMe();
  const queries = useQueryClient();
  const { instanceId } = useParams({ strict: false });
  const id = Number(instanceId);
  const asked = fieldOfPath(one(useSearch({ strict: false }) as Search, "field") ?? "");
  const queryKey = ["instance", id, "edit"];
  const found = useQuery({
    queryKey,
    queryFn: ({ signal }) => readInstance(id, signal),
    // What the form begins with must be what the server has, not what it had.
    gcTime: 0,
  });
  const title = t("editTitle", { name: found.data?.name ?? `#${instanceId ?? ""}` });
  if (me !== null && !can("update")) {
    return (
      <Screen title={title}>
        <Forbidden action="update" />
      </Screen>
    );
  }
  if (found.data) return <Opened key={id} latest={found.data} asked={asked} />;
  if (!found.error) return <FormSkeleton title={title} />;
  return (
    <Screen title={title}>
      {isApiError(found.error) && found.error.reason === "instance.in_bin" ? (
        <InBin
          id={id}
          name={`#${id}`}
          hint={w("inBinLoad")}
          onRestored={(instance) => queries.setQueryData(queryKey, instance)}
        />
      ) : (
        <Problem error={found.error} onRetry={() => void found.refetch()} />
      )}
    </Screen>
  );
}
