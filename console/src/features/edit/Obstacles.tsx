import { Button } from "antd";
import type { Instance } from "@/api/types";
import { Problem } from "@/parts/Problem";
import { InBin, Purged } from "./Gone";
import "@/parts/Notices.css";
import type { Obstacle } from "./useSaving";
import { useWriteTexts } from "./writeTexts";

/** What stands in the way of saving, with the way around it. */
export function Obstacles({
  obstacle,
  over,
  newer,
  onLook,
  onCreate,
}: {
  obstacle: Obstacle;
  over: Instance | null;
  /** A version that is newer than the one the form goes over. */
  newer: Instance | null;
  onLook: (theirs: Instance) => void;
  onCreate: () => void;
}) {
  const t = useWriteTexts();
  return (
    <>
      {obstacle.error !== null && <Problem error={obstacle.error} />}
      {over && obstacle.gone === "bin" && (
        <InBin id={over.id} name={over.name} hint={t("inBinHint")} onRestored={onLook} />
      )}
      {obstacle.gone === "purged" && <Purged onCreate={onCreate} />}
      {newer && obstacle.gone === null && (
        <div className="notice" role="status">
          <p>{t("changedMeanwhile", { version: newer.version })}</p>
          <Button size="small" onClick={() => onLook(newer)}>
            {t("look")}
          </Button>
        </div>
      )}
    </>
  );
}
