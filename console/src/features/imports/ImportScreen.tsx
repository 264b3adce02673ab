import { useSearch } from "@tanstack/react-router";
import { one, type Search } from "@/app/search";
import { Forbidden } from "@/parts/Forbidden";
import { Screen } from "@/parts/Screen";
import { useCan } from "@/session/me";
import { ColumnsStep } from "./ColumnsStep";
import { FileStep } from "./FileStep";
import { History } from "./History";
import "./ImportScreen.css";
import "./ImportTable.css";
import "./ImportTableNarrow.css";
import { PreviewStep } from "./PreviewStep";
import { RecordView } from "./RecordView";
import { SampleStep } from "./SampleStep";
import { Steps } from "./Steps";
import { useImportTexts } from "./texts";
import { useRehearsal } from "./useRehearsal";
import { useWizard } from "./wizard";

function Wizard() {
  const { step } = useWizard();
  const rehearsal = useRehearsal();
  return (
    <>
      <Steps />
      {step === "file" && <FileStep rehearsal={rehearsal} />}
      {step === "columns" && <ColumnsStep rehearsal={rehearsal} />}
      {step === "preview" && <PreviewStep rehearsal={rehearsal} />}
      {step === "sample" && <SampleStep />}
      {step === "file" && <History />}
    </>
  );
}

/** A file becomes instances, step by step; `?import=` shows one that was made. */
export function ImportScreen() {
  const t = useImportTexts();
  const can = useCan();
  const search = useSearch({ strict: false }) as Search;
  const id = Number(one(search, "import") ?? Number.NaN);
  if (Number.isSafeInteger(id) && id > 0) return <RecordView key={id} id={id} />;
  return (
    <Screen title={t("title")}>
      {can("create") ? (
        <Wizard />
      ) : (
        <>
          <Forbidden action="create" />
          <History />
        </>
      )}
    </Screen>
  );
}
