import { useNavigate } from "@tanstack/react-router";
import { App } from "antd";
import { useRef, useState } from "react";
import { NO_WHY } from "@/api/headers";
import type { Instance } from "@/api/types";
import { useKey } from "@/keys/keys";
import { Screen } from "@/parts/Screen";
import { useActionToast } from "@/parts/useActionToast";
import { CheckBlock } from "./CheckBlock";
import { Conflict } from "./Conflict";
import { DeleteAction } from "./DeleteAction";
import { type Field, type Values, valuesOf } from "./fields";
import { ConnectionGroup } from "./fields/ConnectionGroup";
import {
  IdentityGroup,
  LabelsGroup,
  LoginGroup,
  OutsideGroup,
  PeopleGroup,
  PlacementGroup,
} from "./fields/groups";
import { ORDER } from "./fields/order";
import { FormContext } from "./FormContext";
import "./InstanceForm.css";
import { LeaveGuard } from "./LeaveGuard";
import { Notices } from "@/parts/Notices";
import { Obstacles } from "./Obstacles";
import { Preview } from "./Preview";
import { SaveBar } from "./SaveBar";
import { useEditTexts } from "./texts";
import { useAfterCreate } from "./useAfterCreate";
import { useForm } from "./useForm";
import { useSaving } from "./useSaving";
import { WhyBlock } from "./WhyBlock";
import type { Written } from "./writes";
import { useWriteTexts } from "./writeTexts";

interface InstanceFormProps {
  title: string;
  /** The instance that is edited, as it was when the form was opened; null for a new one. */
  instance: Instance | null;
  initial: Values;
  /** The instance as the server has it by now. */
  latest?: Instance;
  /** Names what the first values refer to, where that is not the instance itself. */
  known?: Instance;
  /** The field to begin with. */
  asked?: Field | null;
}

/** One form for every field of an instance, new or not; nothing that was typed is ever lost. */
export function InstanceForm({ title, instance, initial, latest, known, asked }: InstanceFormProps) {
  const t = useEditTexts();
  const w = useWriteTexts();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const toast = useActionToast();
  const offerCheck = useAfterCreate();
  const [over, setOver] = useState(instance);
  const [why, setWhy] = useState(NO_WHY);
  const isLeaving = useRef(false);
  const { form, changed, check, refuse, clearRefusals, restart } = useForm(initial, ORDER, asked);
  const isDirty = changed.length > 0;
  const isKeyKept = over?.tls_client_key_set ?? false;

  const leaveTo = (id: number): void => {
    isLeaving.current = true;
    void navigate({ to: "/instances/$instanceId", params: { instanceId: String(id) }, replace: true });
  };
  const leaveToList = (): void => {
    isLeaving.current = true;
    void navigate({ to: "/instances", replace: true });
  };
  const onSaved = ({ instance: saved, warnings }: Written): void => {
    if (over === null) offerCheck(saved);
    else void message.success(t(saved.version === over.version ? "noChange" : "saved", { name: saved.name }));
    if (warnings.length > 0) {
      toast({
        key: `saved-${saved.id}`,
        kind: "warning",
        title: w("warning", { name: saved.name }),
        description: <Notices notices={warnings} />,
      });
    }
    setOver(saved);
    leaveTo(saved.id);
  };
  const saving = useSaving(why, {
    refuse,
    onSaved,
    onRebase: (theirs, mine) => {
      setOver(theirs);
      restart(valuesOf(theirs), mine);
    },
  });
  const { obstacle, preview } = saving;
  const attempt = (dryRun = false) => ({ over, base: form.base, mine: form.values, dryRun });
  const submit = (dryRun = false): void => {
    clearRefusals();
    if (check()) saving.save(attempt(dryRun));
  };
  const goOn = (theirs: Instance, mine = valuesOf(theirs)): void => {
    setOver(theirs);
    restart(valuesOf(theirs), mine);
    saving.clear();
  };
  const isOff = over !== null && !isDirty;
  useKey("mod+s", t("save"), () => submit(), { inFields: true, enabled: !isOff && !saving.isSaving });

  const isNewer = latest !== undefined && over !== null && latest.version > over.version && !saving.isSaving;
  const wrong = ORDER.filter((field) => form.errorOf(field) !== undefined).length;

  return (
    <FormContext value={form}>
      <Screen
        title={title}
        actions={over && <DeleteAction instance={over} why={why} disabled={isDirty} onDone={leaveToList} />}
      >
        <form
          className="edit"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <div className="edit-main stack">
            <Obstacles
              obstacle={obstacle}
              over={over}
              newer={isNewer ? latest : null}
              onLook={(theirs) => saving.look(attempt(), theirs)}
              onCreate={() => {
                setOver(null);
                saving.clear();
              }}
            />
            <IdentityGroup isNew={instance === null} selfId={over?.id ?? null} holder={obstacle.holder} />
            <PlacementGroup instance={over ?? known ?? null} />
            <PeopleGroup />
            <LoginGroup instance={over ?? known ?? null} notBound={obstacle.notBound} />
            <LabelsGroup />
            <ConnectionGroup isKeyKept={isKeyKept} />
            <OutsideGroup />
          </div>
          <aside className="edit-aside stack">
            <CheckBlock isKeyKept={isKeyKept} />
            <WhyBlock why={why} onChange={setWhy} />
          </aside>
          <SaveBar
            isNew={over === null}
            isOff={isOff}
            changes={changed.length}
            faults={wrong}
            saving={saving}
            onPreview={() => submit(true)}
            onCancel={() =>
              over
                ? void navigate({ to: "/instances/$instanceId", params: { instanceId: String(over.id) } })
                : void navigate({ to: "/instances" })
            }
          />
        </form>
      </Screen>
      <LeaveGuard isDirty={() => isDirty && !isLeaving.current} />
      {preview && (
        <Preview
          written={preview}
          isNew={over === null}
          saving={saving.isSaving}
          onClose={saving.closePreview}
          onSave={() => saving.save(attempt())}
        />
      )}
      {obstacle.meanwhile && over && (
        <Conflict
          key={obstacle.meanwhile.theirs.version}
          loaded={over}
          base={form.base}
          mine={form.values}
          meanwhile={obstacle.meanwhile}
          saving={saving.isSaving}
          onClose={saving.clear}
          onDiscard={() => goOn(obstacle.meanwhile?.theirs ?? over)}
          onSave={(mine) => {
            const theirs = obstacle.meanwhile?.theirs ?? over;
            goOn(theirs, mine);
            saving.save({ over: theirs, base: valuesOf(theirs), mine, dryRun: false });
          }}
        />
      )}
    </FormContext>
  );
}
