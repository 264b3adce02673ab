import { Copyable } from "@/parts/Copyable";
import { useChangeTexts } from "./texts";

/** A button that copies what the API said, word for word, beside what is made of it for people. */
export function RawJson({ of }: { of: unknown }) {
  const t = useChangeTexts();
  return (
    <Copyable value={JSON.stringify(of, null, 2)} of={t("rawOf")}>
      <span className="faint small">{t("raw")}</span>
    </Copyable>
  );
}
