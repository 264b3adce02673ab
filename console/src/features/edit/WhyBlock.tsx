import type { Why } from "@/api/headers";
import { useFormTexts } from "@/parts/formTexts";
import { Block } from "@/parts/Screen";
import { WhyFields } from "@/parts/WhyFields";

/** Why the form is saved, or its instance deleted. */
export function WhyBlock({ why, onChange }: { why: Why; onChange: (why: Why) => void }) {
  const t = useFormTexts();
  return (
    <Block title={t("why")}>
      <WhyFields why={why} onChange={onChange} />
    </Block>
  );
}
