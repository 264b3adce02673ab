import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiError, isApiError } from "@/api/errors";
import type { Why } from "@/api/headers";
import type { Instance } from "@/api/types";
import type { Meanwhile } from "./Conflict";
import { createBody, type Field, patchBody, type Values, valuesOf } from "./fields";
import { differences } from "./merge";
import { createInstance, keyring, lastAuthor, patchInstance, readInstance, type Written } from "./writes";

/** One attempt to write: over which version (null: a new instance), from what, to what. */
interface Attempt {
  over: Instance | null;
  base: Values;
  mine: Values;
  dryRun: boolean;
}

/** What stands in the way of saving. */
export interface Obstacle {
  /** For the whole form. */
  error: unknown;
  notBound: ApiError | null;
  /** The instance itself is no longer there to be written. */
  gone: "bin" | "purged" | null;
  /** An instance in the recycle bin that has the name. */
  holder: number | null;
  meanwhile: Meanwhile | null;
}

const NONE: Obstacle = { error: null, notBound: null, gone: null, holder: null, meanwhile: null };

interface Hooks {
  /** Place errors at their fields; gives back those that have none. */
  refuse: (errors: ApiError["fields"]) => ApiError["fields"];
  onSaved: (written: Written) => void;
  /** The form goes on from this version, with these values. */
  onRebase: (theirs: Instance, mine: Values) => void;
}

const theirsChanged = (base: Values, theirs: Instance, mine: Values): boolean =>
  differences(base, valuesOf(theirs), mine).some(({ by }) => by !== "mine");

/** Writes the form, and makes of every refusal something that can be seen and acted upon. */
export function useSaving(why: Why, { refuse, onSaved, onRebase }: Hooks) {
  const queries = useQueryClient();
  const [keys] = useState(keyring);
  const [obstacle, setObstacle] = useState<Obstacle>(NONE);
  const [preview, setPreview] = useState<Written | null>(null);

  const write = async ({ over, base, mine, dryRun }: Attempt): Promise<Written> => {
    if (over) return patchInstance(over, patchBody(base, mine), { why, dryRun });
    const body = createBody(mine, base);
    const key = dryRun ? undefined : keys.keyOf(JSON.stringify([body, why]));
    return createInstance(body, { why, key, dryRun });
  };

  /** Somebody else's version: go on over it where it changes no field, ask where it does. */
  const meet = async (attempt: Attempt, id: number): Promise<void> => {
    const [theirs, by] = await Promise.all([readInstance(id), lastAuthor(id).catch(() => null)]);
    if (theirsChanged(attempt.base, theirs, attempt.mine)) {
      setPreview(null);
      setObstacle({ ...NONE, meanwhile: { theirs, by } });
      return;
    }
    onRebase(theirs, attempt.mine);
    save.mutate({ ...attempt, over: theirs });
  };

  const place = (field: Field, error: ApiError): void =>
    void refuse([{ field, code: error.code, message: error.message }]);

  const explain = (error: unknown, attempt: Attempt): Obstacle => {
    // The dialog of the session asks to log in again; the form stays as it is.
    if (!isApiError(error) || error.code === "AUTHENTICATION_REQUIRED") {
      return isApiError(error) ? NONE : { ...NONE, error };
    }
    if (error.code === "CREDENTIAL_NOT_BOUND") {
      const isAdmin = String(error.extra["credential_id"]) === attempt.mine.admin_credential_id;
      place(isAdmin ? "admin_credential_id" : "credential_id", error);
      return { ...NONE, notBound: error };
    }
    if (error.status === 404 && attempt.over) {
      return { ...NONE, gone: error.reason === "instance.in_bin" ? "bin" : "purged" };
    }
    if (error.reason.startsWith("instance.name_taken")) {
      place("name", error);
      const holder = error.extra["holder"] as { id: number; in_bin?: boolean } | undefined;
      return { ...NONE, holder: holder?.id ?? null };
    }
    if (error.reason === "instance.external_id_taken") {
      place("external_ids", error);
      return NONE;
    }
    if (error.fields.length > 0) return { ...NONE, error: refuse(error.fields).length > 0 ? error : null };
    return { ...NONE, error };
  };

  const fail = (error: unknown, attempt: Attempt): void => {
    setPreview(null);
    setObstacle(explain(error, attempt));
  };

  const save = useMutation({
    mutationFn: write,
    onSuccess: (written, { dryRun, over }) => {
      setObstacle(NONE);
      if (dryRun) return setPreview(written);
      // The form is left now: what it shows is not asked for again, and the next screen asks for its own.
      const refetchType = "none";
      void queries.invalidateQueries({ queryKey: ["instances"], refetchType });
      if (over) void queries.invalidateQueries({ queryKey: ["instance", over.id], refetchType });
      onSaved(written);
    },
    onError: (error, attempt) => {
      if (!attempt.dryRun) keys.settle(error);
      const { over } = attempt;
      if (over && isApiError(error, "PRECONDITION_FAILED")) {
        return meet(attempt, over.id).catch((next: unknown) => fail(next, attempt));
      }
      fail(error, attempt);
      return undefined;
    },
  });

  return {
    save: (attempt: Attempt) => save.mutate(attempt),
    isSaving: save.isPending && !save.variables.dryRun,
    isPreviewing: save.isPending && save.variables.dryRun,
    obstacle,
    clear: () => setObstacle(NONE),
    preview,
    closePreview: () => setPreview(null),
    /** Look at a newer version before anything was refused, or after the instance came back from the bin. */
    look: (attempt: Attempt, theirs: Instance) => {
      if (!theirsChanged(attempt.base, theirs, attempt.mine)) {
        setObstacle(NONE);
        return onRebase(theirs, attempt.mine);
      }
      void lastAuthor(theirs.id)
        .catch(() => null)
        .then((by) => setObstacle({ ...NONE, meanwhile: { theirs, by } }));
    },
  };
}
